import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { sessionCookieName } from '../../../lambdas/core/session/cookies.ts';
import { deriveSessionKey, parseSessionCredential } from '../../../lambdas/core/session/session-key.ts';
import type { Browser } from '../../support/browser.ts';
import { type RelyingParty, startRelyingParty } from '../../support/relying-party.ts';

let rp: RelyingParty;
let browser: Browser;

beforeEach(async () => {
  rp = await startRelyingParty();
  browser = rp.browser();
  await rp.signIn(browser);
  // Of the timers only those that the handlers set: the tests move them.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Makes a method do what it does, and not answer before it is released. */
function hang<Name extends string>(
  port: { [Member in Name]: (...parameters: never[]) => Promise<unknown> },
  name: Name,
  applies: (...parameters: never[]) => boolean = () => true,
) {
  const reached = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const method = port[name].bind(port) as (...parameters: never[]) => Promise<unknown>;
  port[name] = (async (...parameters: never[]) => {
    const result = await method(...parameters);
    if (!applies(...parameters)) return result;
    reached.resolve();
    await released.promise;
    return result;
  }) as (typeof port)[Name];
  return { reached: reached.promise, release: released.resolve };
}

/** Lets the time of the request run out while a call hangs, and the call complete after the answer. */
async function answerWithout<Answer>(
  call: { readonly reached: Promise<void>; readonly release: () => void },
  request: () => Promise<Answer>,
): Promise<Answer> {
  const asked = request();
  await call.reached;
  jest.advanceTimersByTime(18_000);
  const answer = await asked;
  call.release();
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  return answer;
}

const codes = () =>
  rp.logLines
    .map((line) => JSON.parse(line) as { event?: string; code?: string })
    .flatMap(({ event, code }) => (event === 'refused' ? [code] : []));

const askedOfProvider = () => rp.provider.requests.map(({ endpoint }) => endpoint);

describe('a callback whose time is over', () => {
  test.each<[string, () => ReturnType<typeof hang>, readonly string[]]>([
    ['consuming the attempt', () => hang(rp.attempts, 'consume'), []],
    ['signing', () => hang(rp.signer, 'sign'), []],
    ['/token', () => hang(rp.provider, 'send', (request) => endpointOf(request) === 'token'), ['token']],
    [
      '/userinfo',
      () => hang(rp.provider, 'send', (request) => endpointOf(request) === 'userinfo'),
      ['token', 'userinfo'],
    ],
    ['putting the session', () => hang(rp.sessions, 'put'), ['token', 'userinfo']],
    ['reading the mark', () => hang(rp.sessions, 'readRevokedBefore'), ['token', 'userinfo']],
  ])('while %s hangs does nothing more, and leaves the user signed in', async (_, hangs, asked) => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const before = browser.cookies.get(sessionCookieName);
    const put: string[] = [];
    const store = rp.sessions.put.bind(rp.sessions);
    rp.sessions.put = async (session) => {
      put.push(session.key.tokenHash);
      return store(session);
    };
    rp.provider.requests.length = 0;
    const page = await answerWithout(hangs(), () => rp.callback(browser, response));

    expect([page.statusCode, codes()]).toEqual([503, ['deadline_exceeded']]);
    expect(page.body).toContain('Try again');
    expect(askedOfProvider()).toEqual(asked);
    expect(browser.cookies.get(sessionCookieName)).toBe(before);
    expect((await rp.userinfo(browser)).status).toBe(200);
    const credential = parseSessionCredential(before);
    if (credential === undefined) throw new Error('the browser has no session cookie');
    const { subjectKey } = deriveSessionKey(credential);
    for (const tokenHash of put) expect(await rp.sessions.read({ subjectKey, tokenHash })).toBeUndefined();
  });

  test('while the old session is deleted gives the user the new one', async () => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const call = hang(rp.sessions, 'delete');
    expect((await answerWithout(call, () => rp.callback(browser, response))).statusCode).toBe(303);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });
});

describe('another route whose time is over', () => {
  test('stores no attempt when the session could not be read', async () => {
    let stored = 0;
    rp.attempts.put = async () => {
      stored += 1;
    };
    const call = hang(rp.sessions, 'read');
    const answer = await answerWithout(call, () => browser.request('/auth/reauthenticate'));
    expect([answer.statusCode, stored, rp.signer.signatures]).toEqual([503, 0, 2]);
  });

  test('ends no session at sign-out', async () => {
    const call = hang(rp.sessions, 'read');
    const answer = await answerWithout(call, () =>
      browser.request('/auth/logout', { headers: { 'Sec-Fetch-Site': 'same-origin' } }),
    );
    expect(answer.statusCode).toBe(503);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('does not extend a session for userinfo', async () => {
    rp.clock.advance(1_800_000);
    let extended = 0;
    rp.sessions.extendIdle = async () => {
      extended += 1;
      return true;
    };
    const call = hang(rp.sessions, 'read');
    expect((await answerWithout(call, () => browser.request('/auth/userinfo'))).statusCode).toBe(503);
    expect(extended).toBe(0);
  });

  test('revokes nothing for a notification, so that One Login sends it again', async () => {
    const call = hang(rp.sessions, 'rememberJti');
    const token = rp.provider.logoutToken(rp.provider.clientId);
    expect((await answerWithout(call, () => rp.notify(token))).statusCode).toBe(500);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });
});

function endpointOf(request: { readonly endpoint?: string }): string | undefined {
  return request.endpoint;
}
