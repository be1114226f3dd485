import type { Jar, Position, Request, Response, View } from './system.ts';

/** How far one of the explored requests has got. */
export interface Progress {
  /** A function is `running` until it responds, or is killed. The browser then has the response, or none comes. */
  readonly phase: 'waiting' | 'running' | 'answered' | 'ended';
  readonly beganAt?: number;
  /** The cookies that it was sent with. */
  readonly jar?: Jar;
  readonly position?: Position;
  readonly response?: Response;
  /** Whether the function was killed, or has not got an answer to one of its calls. */
  readonly hasFailed?: boolean;
  /** Whether the session of its cookie was stored and had not expired when it began. */
  readonly hadSession?: boolean;
  /** Whether it stored its session when a mark that revokes it was already written. */
  readonly wasRevokedAtBirth?: boolean;
}

/** What an invariant is about: everything as it is after a step, and the tables before it. */
export interface Situation {
  readonly now: number;
  /** The requests that were made before the exploration. */
  readonly before: readonly Request[];
  readonly requests: readonly Request[];
  readonly progress: readonly Progress[];
  readonly jars: Readonly<Record<string, Jar>>;
  readonly view: View;
  readonly earlier: View;
  /** Whose step it was. Undefined when time passed. */
  readonly by: number | undefined;
}

export interface Invariant {
  readonly name: string;
  holds(situation: Situation): boolean;
}

/** What holds after each step, whatever the order of the steps and whatever has failed. */
export const invariants: readonly Invariant[] = [
  {
    name: 'one session per code',
    holds: (situation) =>
      isUnique(
        callbacks(situation)
          .filter(({ request, response }) => response?.session ?? situation.view.sessions[request.name])
          .map(({ request: { attempt, code = attempt } }) => code),
      ),
  },
  {
    name: 'only an answer for the nonce of the attempt makes a session',
    holds: (situation) =>
      sessionsMade(situation).every(({ request: { attempt, code = attempt } }) => attempt === code),
  },
  {
    name: 'only the browser that began gets a session',
    holds: (situation) => sessionsMade(situation).every(({ request }) => isOwnBrowser(situation, request)),
  },
  {
    name: 'only the browser that began consumes an attempt, and before it expires',
    holds: ({ now, before, requests, view, earlier, by }) =>
      Object.entries(view.attempts).every(
        ([name, { isConsumed, expiresAt }]) =>
          isConsumed === earlier.attempts[name]?.isConsumed ||
          (now < expiresAt && requests[by ?? -1]?.browser === findRequest(before, name)?.browser),
      ),
  },
  {
    name: 'no callback signs in that stored its session after it was revoked or its browser had signed out',
    holds: ({ progress }) =>
      progress.every(({ response, wasRevokedAtBirth }) => !(wasRevokedAtBirth && response?.session)),
  },
  {
    name: 'after a confirmed back-channel logout, no browser has a session that began before',
    holds: (situation) =>
      notifications(situation).every(
        ({ request: { user }, response, beganAt = 0 }) =>
          response?.kind !== 'revoked' ||
          findHeldSessions(situation).every(
            (name) => findOwner(situation, name) !== user || findBeginning(situation, name) > beganAt,
          ),
      ),
  },
  {
    name: 'a confirmed back-channel logout has left its mark',
    holds: (situation) =>
      notifications(situation).every(
        ({ request: { user = '' }, response, beganAt = 0 }) =>
          response?.kind !== 'revoked' || (situation.view.marks[user] ?? 0) >= beganAt,
      ),
  },
  {
    name: 'a logout token ends sessions once',
    holds: (situation) =>
      isUnique(
        notifications(situation)
          .filter(({ response }) => response?.kind === 'revoked')
          .map(({ request: { token } }) => token),
      ),
  },
  {
    name: 'a user who sees that they are signed out has no session left under the cookie that was sent',
    holds: ({ progress, view }) =>
      progress.every(({ response, jar }) => !(response?.clears && view.sessions[jar?.session?.name ?? ''])),
  },
  {
    name: 'a sign-out goes to One Login only when the browser is marked, so that no callback under way signs in',
    holds: ({ requests, progress, view }) =>
      progress.every(
        ({ response, jar, beganAt = 0 }, index) =>
          response?.kind !== 'signed out' ||
          !jar?.hasBrowserCookie ||
          (view.marks[requests[index]?.browser ?? ''] ?? 0) >= beganAt,
      ),
  },
  {
    name: 'only a callback brings a session into the tables, and only its own',
    holds: ({ requests, view, earlier, by }) =>
      Object.keys(view.sessions).every(
        (name) => name in earlier.sessions || requests[by ?? -1]?.name === name,
      ),
  },
  {
    name: 'a callback deletes the old session of its browser only when it has stored the new one',
    holds: (situation) => {
      const { requests, progress, before, view, earlier, by = -1 } = situation;
      const { route, name = '', attempt, code = attempt } = requests[by] ?? {};
      const { route: began, user } = findRequest(before, attempt) ?? {};
      return (
        route !== 'callback' ||
        name in view.sessions ||
        progress[by]?.response?.session !== undefined ||
        Object.keys(earlier.sessions).every(
          (session) =>
            session in view.sessions ||
            session === name ||
            // The user who was to re-authenticate is signed out when another one does.
            (began === 'reauthenticate' && code === attempt && findOwner(situation, session) !== user),
        )
      );
    },
  },
  {
    name: 'a callback that signs in has ended the session that it replaces',
    holds: ({ progress, view }) =>
      progress.every(
        ({ response, jar, hasFailed }) =>
          hasFailed || !response?.session || !(jar?.session && jar.session.name in view.sessions),
      ),
  },
  {
    name: 'a callback that does not sign in leaves no session of its own',
    holds: (situation) =>
      callbacks(situation).every(
        ({ request, response, hasFailed }) =>
          hasFailed || !response || response.session || !(request.name in situation.view.sessions),
      ),
  },
  {
    name: 'only a session that has not expired returns the user',
    holds: ({ progress }) =>
      progress.every(({ response, hadSession }) => response?.kind !== 'user' || hadSession === true),
  },
  {
    name: 'a minute after a copy without a key was stored, no token by that key makes a session',
    holds: ({ now, requests, view, earlier, by = -1 }) => {
      const { name = '', key } = requests[by] ?? {};
      const isMade = name in view.sessions && !(name in earlier.sessions);
      const { stored, fetchedAt } = earlier.keys;
      return !isMade || key === undefined || stored.includes(key) || now < fetchedAt + 60_000;
    },
  },
  {
    name: 'instances request the keys of One Login once in 30 seconds, unless a call fails',
    holds: ({ progress, view }) =>
      progress.some(({ hasFailed }) => hasFailed) ||
      view.keys.requestedAt.every(
        (time, index, all) => index === 0 || time >= (all[index - 1] ?? 0) + 30_000,
      ),
  },
  {
    name: 'activity never leads past the absolute expiry',
    holds: ({ view }) => Object.values(view.sessions).every(({ idle, absolute }) => idle <= absolute),
  },
];

export function findRequest(requests: readonly Request[], name: string | undefined): Request | undefined {
  return requests.find((request) => request.name === name);
}

type Seen = Progress & { readonly request: Request };

function seen({ requests, progress }: Situation, route: Request['route']): Seen[] {
  return requests.flatMap((request, index) =>
    request.route === route && progress[index] ? [{ ...progress[index], request }] : [],
  );
}

function callbacks(situation: Situation): Seen[] {
  return seen(situation, 'callback');
}

function notifications(situation: Situation): Seen[] {
  return seen(situation, 'backchannel-logout');
}

/** The callbacks whose session is stored, or in a response. */
function sessionsMade(situation: Situation): Seen[] {
  return callbacks(situation).filter(
    ({ request, response }) => response?.session || request.name in situation.view.sessions,
  );
}

function isOwnBrowser({ before }: Situation, { browser, attempt }: Request): boolean {
  return findRequest(before, attempt)?.browser === browser;
}

/** The sessions that someone can use: stored, and their cookie is in a browser or on its way to it. */
function findHeldSessions({ jars, progress, view }: Situation): string[] {
  const underWay = progress.flatMap(({ phase, response }) =>
    phase === 'answered' ? [response?.session] : [],
  );
  return [...Object.values(jars).map(({ session }) => session), ...underWay].flatMap((session) =>
    session && session.name in view.sessions ? [session.name] : [],
  );
}

function findOwner({ before, requests }: Situation, session: string): string | undefined {
  const { attempt, code = attempt } = findRequest([...before, ...requests], session) ?? {};
  return findRequest(before, code)?.user;
}

/** When the callback of a session began. Those before the exploration began first. */
function findBeginning({ requests, progress }: Situation, session: string): number {
  const index = requests.findIndex(({ name }) => name === session);
  return progress[index]?.beganAt ?? 0;
}

function isUnique(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}
