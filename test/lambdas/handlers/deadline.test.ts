import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Browser } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { browser, rp, start } from './relying-party.ts';

beforeEach(async () => {
  await start();
  await rp.signIn(browser);
  // Only the timers that the handlers set: the tests move them.
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** Makes a method have its effect, and not return before it is released. */
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

const hangAt = (endpoint: string) =>
  hang(rp.provider, 'send', (request: { readonly endpoint?: string }) => request.endpoint === endpoint);

/** Lets the time of the request run out while a call hangs, and the call complete after the response. */
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

describe('a callback whose time is over', () => {
  // id: no-work-after-deadline
  test.each<[string, () => ReturnType<typeof hang>, readonly string[]]>([
    ['consuming the attempt', () => hang(rp.attempts, 'consume'), []],
    ['signing', () => hang(rp.signer, 'sign'), []],
    ['/token', () => hangAt('token'), ['token']],
    ['/userinfo', () => hangAt('userinfo'), ['token', 'userinfo']],
    ['putting the session', () => hang(rp.sessions, 'put'), ['token', 'userinfo']],
    ['reading the mark', () => hang(rp.sessions, 'readRevokedBefore'), ['token', 'userinfo']],
  ])('while %s hangs does nothing more, and leaves the user signed in', async (_, hangs, endpoints) => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const before = browser.cookies.get(sessionCookieName);
    const put = jest.spyOn(rp.sessions, 'put');
    rp.provider.requests.length = 0;
    const page = await answerWithout(hangs(), () => rp.callback(browser, response));

    expect([page.statusCode, rp.refusals()]).toEqual([503, ['deadline_exceeded']]);
    expect(page.body).toContain('Try again');
    expect(rp.provider.requests.map(({ endpoint }) => endpoint)).toEqual(endpoints);
    expect(browser.cookies.get(sessionCookieName)).toBe(before);
    expect((await rp.userinfo(browser)).status).toBe(200);
    for (const [{ key }] of put.mock.calls) expect(await rp.sessions.read(key)).toBeUndefined();
  });

  test('while the old session is deleted gives the user the new one', async () => {
    const response = await rp.begin(browser, '', '/auth/reauthenticate');
    const call = hang(rp.sessions, 'delete');
    expect((await answerWithout(call, () => rp.callback(browser, response))).statusCode).toBe(303);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });
});

describe('a request whose time is over', () => {
  test.each<[string, () => ReturnType<typeof hang>, () => ReturnType<Browser['request']>, number]>([
    [
      'to re-authenticate stores no attempt',
      () => hang(rp.sessions, 'read'),
      () => browser.request('/auth/reauthenticate'),
      503,
    ],
    ['to sign out ends no session', () => hang(rp.sessions, 'read'), () => rp.signOut(browser), 503],
    [
      'for userinfo does not extend the session',
      () => hang(rp.sessions, 'read'),
      () => browser.request('/auth/userinfo'),
      503,
    ],
    [
      'to end all sessions revokes nothing, so that One Login repeats it',
      () => hang(rp.sessions, 'rememberJti'),
      () => rp.notify(rp.provider.logoutToken(rp.provider.clientId)),
      500,
    ],
  ])('%s', async (_, hangs, request, status) => {
    rp.clock.advance(1_800_000);
    const put = jest.spyOn(rp.attempts, 'put');
    const extendIdle = jest.spyOn(rp.sessions, 'extendIdle');
    expect((await answerWithout(hangs(), request)).statusCode).toBe(status);
    expect([put.mock.calls, extendIdle.mock.calls]).toEqual([[], []]);
    expect(rp.signer.signatures).toBe(2);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });
});
