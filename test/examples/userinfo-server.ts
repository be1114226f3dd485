import type { IncomingMessage, ServerResponse } from 'node:http';
import { sealSession } from '../../lambdas/core/session/seal.ts';
import type { SessionPayload } from '../../lambdas/core/session/session.ts';
import {
  createSessionCredential,
  deriveSessionKey,
  deriveSubjectKey,
  parseSessionCredential,
  serializeSessionCredential,
} from '../../lambdas/core/session/session-key.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { createUserinfoHandler } from '../../lambdas/userinfo/handler.ts';
import { listenInternally } from '../../local/loopback-server.ts';
import { apiEvent, lambdaContext } from '../support/api-event.ts';
import { cookieNames } from '../support/cookie-names.ts';
import { MemorySessionStore } from '../support/memory/session-store.ts';
import { TestClock } from '../support/test-clock.ts';

const lifetimes = { idle: 3_600_000, absolute: 28_800_000 };

/** Serves `/auth/userinfo` by its real function, with sessions in memory. */
export async function startUserinfo(cookies = cookieNames) {
  const clock = new TestClock();
  const sessions = new MemorySessionStore();
  const requests: IncomingMessage[] = [];
  /** Responds in place of the function, if set. */
  const outage: { answer?: (response: ServerResponse) => void } = {};
  const handler = createUserinfoHandler({
    sessions,
    clock,
    logger: createLogger({ deployment: 'test', write: () => undefined }),
    cookies,
    publicUrl: 'https://service.example/auth',
    idleMilliseconds: lifetimes.idle,
  });
  const server = await listenInternally(async (request, response) => {
    requests.push(request);
    if (outage.answer) return outage.answer(response);
    const event = apiEvent({ path: request.url ?? '/', headers: { Cookie: request.headers.cookie ?? [] } });
    const { statusCode, headers, body } = await handler(event, lambdaContext());
    response.writeHead(statusCode, headers as Record<string, string>).end(body);
  });
  return {
    publicUrl: `${server.url}/auth`,
    clock,
    lifetimes,
    requests,
    outage,
    close: server.close,
    /** @returns the cookie of a user who is signed in */
    async signIn(changes: Partial<SessionPayload> = {}): Promise<string> {
      const sub = 'urn:fdc:gov.uk:2022:somebody';
      const credential = createSessionCredential(deriveSubjectKey('the-client', sub));
      const now = clock.now();
      const payload: SessionPayload = {
        sub,
        vot: 'Cl.Cm',
        idToken: 'a.b.c',
        claims: { email: 'zoë@example.com' },
        language: 'en',
        signedInAt: now,
        ...changes,
      };
      const ends = { absoluteExpiresAt: now + lifetimes.absolute, idleExpiresAt: now + lifetimes.idle };
      await sessions.put(sealSession(payload, credential, ends));
      return `${cookies.session}=${serializeSessionCredential(credential)}`;
    },
    async signOut(cookie: string): Promise<void> {
      const credential = parseSessionCredential(cookie.slice(cookie.indexOf('=') + 1));
      if (credential !== undefined) await sessions.delete(deriveSessionKey(credential));
    },
  };
}

export type UserinfoServer = Awaited<ReturnType<typeof startUserinfo>>;
