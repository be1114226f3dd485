import { setTimeout as wait } from 'node:timers/promises';
import type { Visitor } from './visitor.ts';

/** Users who come and go while something else happens. */
export interface Traffic {
  /** Waits until every user has finished. @returns how many visits there were, and what went wrong in them */
  stop(): Promise<{ readonly visits: number; readonly failures: readonly string[] }>;
}

/** How many users are there at the same time. */
const userCount = 2;
/** How long no visitor comes, in milliseconds. */
const pause = 200;

/**
 * Starts users who sign in, read userinfo, prove their identity, read it again and sign out. When one has finished, another
 * comes.
 */
export function startTraffic(createVisitor: () => Visitor, provesIdentity: boolean): Traffic {
  const failures: string[] = [];
  let visits = 0;
  let isStopped = false;

  async function visit(visitor: Visitor): Promise<void> {
    await visitor.signIn();
    await expectSignedIn(visitor);
    if (provesIdentity) await visitor.signIn('prove-identity');
    await expectSignedIn(visitor);
    await visitor.signOut();
  }

  const running = Array.from({ length: userCount }, async () => {
    while (!isStopped) {
      await visit(createVisitor()).catch((failure: unknown) => failures.push(String(failure)));
      visits += 1;
      await wait(pause);
    }
  });
  return {
    stop: async () => {
      isStopped = true;
      await Promise.all(running);
      return { visits, failures };
    },
  };
}

/** @throws Error if the visitor is not signed in */
export async function expectSignedIn(visitor: Visitor): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await visitor.userinfo();
  if (status !== 200) throw new Error(`${visitor.person} is signed out: /auth/userinfo returns ${status}`);
  return body;
}
