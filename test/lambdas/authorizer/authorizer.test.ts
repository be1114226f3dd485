import { describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { buildCookieNames } from '../../../lambdas/core/session/cookie-names.ts';
import {
  type EventOptions,
  eventFormats,
  lifetimes,
  methodArn,
  minute,
  payload,
  readEffect,
  startAuthorizer,
} from './support.ts';

const restEvent = eventFormats['REST API'];
const requestId = '00000000-0000-4000-8000-000000000001';

describe.each(Object.entries(eventFormats))('the authorizer of a %s', (_, createEvent) => {
  const signInAnd = async (change: (cookie: string) => EventOptions) => {
    const { authorizer, signIn } = startAuthorizer();
    return authorizer(createEvent(change(await signIn())));
  };

  // id: allow-one-method-and-path
  test('only allows the called method, with the session among other cookies', async () => {
    const cookies = (cookie: string) => ({ headers: { Cookie: `theme=dark; ${cookie}; _ga=GA1.1.1` } });
    expect(await signInAnd(cookies)).toMatchObject({
      principalId: payload.sub,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
      },
    });
  });

  test.each<[string, (cookie: string, other: string) => string | readonly string[] | undefined]>([
    ['no cookie', () => undefined],
    ['a session cookie behind white space that a sibling host planted', (cookie) => `\u00a0${cookie}`],
    ['the same session cookie twice', (cookie) => `${cookie}; ${cookie}`],
    ['two session cookies', (cookie, other) => `${cookie}; ${other}`],
    ['two Cookie headers with a session each', (cookie, other) => [cookie, other]],
  ])('throws the word that becomes a 401 for %s', async (_case, choose) => {
    const { authorizer, signIn } = startAuthorizer();
    const Cookie = choose(await signIn(), await signIn());
    const event = createEvent(Cookie === undefined ? {} : { headers: { Cookie } });

    await expect(authorizer(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test('allows a user beside whose cookie another one was planted', async () => {
    const planted = (cookie: string) => ({ headers: { Cookie: `\u00a0${cookie}; ${cookie}` } });
    expect(readEffect(await signInAnd(planted))).toBe('Allow');
  });

  // id: foreign-unsafe-method-denied
  test('denies an unsafe method from elsewhere', async () => {
    const answer = await signInAnd((Cookie) => ({
      method: 'POST',
      headers: { Cookie, 'Sec-Fetch-Site': 'same-site' },
    }));
    expect([readEffect(answer), answer.context?.['error']]).toEqual(['Deny', 'cross_site_request']);
  });

  // id: mapped-headers-refused
  test.each(['X-One-Login-Sub', 'x_one_login_sub', 'X-ONE_LOGIN-vot'])(
    'denies a caller that sends the header %s, which a mapping writes',
    async (name) => {
      const answer = await signInAnd((Cookie) => ({ headers: { Cookie, [name]: 'admin' } }));
      expect([readEffect(answer), answer.context?.['error']]).toEqual(['Deny', 'header_not_allowed']);
    },
  );

  test('allows a caller that sends a header whose name only contains that of a mapped one', async () => {
    const answer = await signInAnd((Cookie) => ({ headers: { Cookie, 'My-X-One-Login-Sub': 'x' } }));
    expect(readEffect(answer)).toBe('Allow');
  });
});

describe('the event', () => {
  test('of a REST API may have a header under two spellings, and both count', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const headers = { Cookie: await signIn(), cookie: await signIn() };

    await expect(authorizer(restEvent({ headers }))).rejects.toThrow(/^Unauthorized$/);
  });

  test('of an HTTP API may have the cookies among the headers as well, and they count once', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const cookie = await signIn();
    const event = { ...eventFormats['HTTP API, format 2.0']({}), cookies: [cookie], headers: { cookie } };

    expect(readEffect(await authorizer(event))).toBe('Allow');
  });

  test.each([
    ['header without a value', { ...restEvent({}), multiValueHeaders: { Cookie: null, Origin: [null] } }],
    ['cookie without a value', { ...eventFormats['HTTP API, format 2.0']({}), cookies: [null] }],
  ])('may have a %s, which counts as none', async (_, event) => {
    await expect(startAuthorizer().authorizer(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test.each<[string, unknown]>([
    ['of a TOKEN authorizer', { type: 'TOKEN', methodArn, authorizationToken: 'x' }],
    ['without an ARN', { ...restEvent({}), methodArn: undefined }],
    ['without a method', { ...restEvent({}), httpMethod: undefined }],
    ['without a request id', { ...restEvent({}), requestContext: {} }],
    ['of a proxy integration', { ...restEvent({}), type: undefined }],
    ['that is undefined', undefined],
    ['that is null', null],
  ])('%s is an error', async (_, event) => {
    const { authorizer } = startAuthorizer();

    await expect(authorizer(event)).rejects.toThrow('is not that of a Lambda authorizer of the type REQUEST');
  });
});

describe('the path', () => {
  const base = 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET';

  test.each([`${base}/*`, `${base}/*/arn:x`, `${base}/orders/4?`, `${base}/\${aws:username}`, '*'])(
    'is refused when a policy on it would cover other paths: %s',
    async (arn) => {
      const { authorizer, sessions, signIn } = startAuthorizer();
      const answer = await authorizer(restEvent({ arn, headers: { Cookie: await signIn() } }));

      expect([readEffect(answer), answer.context?.['error']]).toEqual(['Deny', 'path_not_allowed']);
      expect(sessions.calls).toEqual([]);
    },
  );

  test.each([
    `${base}/orders/a%2Fb%20c`,
    `${base}/orders/2021-08-01T00:00:00Z`,
    `${base}/orders/(a)[b]`,
    `${base}/`,
    'arn:aws:execute-api:eu-west-2:111122223333:api123/$default/GET/orders',
    'arn:aws-cn:execute-api:cn-north-1:111122223333:api123/live/GET/orders',
  ])('is passed on as it came: %s', async (arn) => {
    const { authorizer, signIn } = startAuthorizer();
    const answer = await authorizer(restEvent({ arn, headers: { Cookie: await signIn() } }));

    expect(answer.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: arn },
    ]);
  });
});

describe('a session', () => {
  // id: authorizer-call-budget
  test('costs the authorizer one read, and a write at most once per fifth of the idle time', async () => {
    const { authorizer, signIn, clock, sessions } = startAuthorizer();
    const event = restEvent({ headers: { Cookie: await signIn() } });
    await authorizer(event);
    expect(sessions.calls).toEqual(['read']);

    for (let call = 0; call < 10; call += 1) {
      clock.advance(lifetimes.idle / 25);
      await authorizer(event);
    }
    expect(sessions.calls.filter((name) => name === 'read')).toHaveLength(11);
    expect(sessions.calls.filter((name) => name === 'extendIdle')).toHaveLength(2);
  });

  test.each(['Sec-Purpose', 'X-Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz', 'Next-Router-Prefetch'])(
    'is not extended by a prefetch with the header %s',
    async (header) => {
      const { authorizer, signIn, clock, sessions } = startAuthorizer();
      const cookie = await signIn();
      clock.advance(30 * minute);
      const event = restEvent({ headers: { Cookie: cookie, [header]: 'prefetch' } });
      expect(readEffect(await authorizer(event))).toBe('Allow');
      expect(sessions.calls).toEqual(['read']);
    },
  );

  test.each([
    '__Host-one-login-session=',
    '__Host-one-login-session=x.y',
    `__Host-one-login-session=${'a'.repeat(43)}`,
    'one-login-session=x',
  ])('is not read for the cookie %s, which is not ours', async (cookie) => {
    const { authorizer, sessions } = startAuthorizer();

    await expect(authorizer(restEvent({ headers: { Cookie: cookie } }))).rejects.toThrow(/^Unauthorized$/);
    expect(sessions.calls).toEqual([]);
  });

  test('stays valid when it cannot be extended, and the log has the reason', async () => {
    const { authorizer, signIn, clock, sessions, logLines } = startAuthorizer();
    const event = restEvent({ headers: { Cookie: await signIn() } });
    clock.advance(30 * minute);
    sessions.extendIdle = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'throttled'));

    expect(readEffect(await authorizer(event))).toBe('Allow');
    expect(logLines).toContainEqual({
      level: 'error',
      event: 'session_not_extended',
      route: 'authorizer Cl.Cm',
      request_id: requestId,
      code: 'dynamodb_unavailable',
      fault: 'aws',
      message: 'throttled',
    });
  });

  test('is no longer read when the time of the function is over', async () => {
    const { authorizer, signIn, sessions } = startAuthorizer();
    const event = restEvent({ headers: { Cookie: await signIn() } });
    const readUntilAborted = (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    Object.assign(sessions, {
      withSignal: (signal: AbortSignal) => ({ read: () => readUntilAborted(signal) }),
    });

    await expect(authorizer(event, { getRemainingTimeInMillis: () => 2000 })).rejects.toThrow(
      /^deadline_exceeded$/,
    );
  });

  test('is that of its own deployment, if the host has several', async () => {
    const { authorizer, signIn } = startAuthorizer({ cookies: buildCookieNames('licences') });
    const Cookie = await signIn();
    const other = Cookie.replace('-licences', '');

    await expect(authorizer(restEvent({ headers: { Cookie: other } }))).rejects.toThrow(/^Unauthorized$/);
    const both = restEvent({ headers: { Cookie: `${other}; ${Cookie}` } });
    expect(readEffect(await authorizer(both))).toBe('Allow');
  });

  // id: guessed-token-opens-nothing
  test('of another user does not open with a guessed token', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const [subjectKey] = (await signIn()).split('.');
    const cookie = `${subjectKey}.${'a'.repeat(43)}`;

    await expect(authorizer(restEvent({ headers: { Cookie: cookie } }))).rejects.toThrow(/^Unauthorized$/);
  });
});

describe('an authorizer that fails', () => {
  test.each<[string, Error, object]>([
    [
      'because of a mistake in its code',
      new TypeError('secret'),
      {
        code: 'unexpected',
        fault: 'configuration',
        message: 'an unexpected error',
        error_name: 'TypeError',
        error_at: expect.stringContaining('authorizer.test.ts'),
      },
    ],
    [
      'because of DynamoDB',
      new RelyingPartyError('dynamodb_unavailable', 'GetItem failed', { cause: new RangeError('secret') }),
      {
        code: 'dynamodb_unavailable',
        fault: 'aws',
        message: 'GetItem failed',
        error_name: 'RangeError',
        error_at: expect.stringContaining('authorizer.test.ts'),
      },
    ],
    [
      'without a cause',
      new RelyingPartyError('kms_unavailable', 'no answer'),
      { code: 'kms_unavailable', fault: 'aws', message: 'no answer' },
    ],
  ])('%s throws another error than Unauthorized, and logs and counts it', async (_, failure, fields) => {
    const { authorizer, signIn, sessions, logLines } = startAuthorizer();
    const cookie = await signIn();
    sessions.read = () => Promise.reject(failure);
    const { code, fault } = Object(fields);

    await expect(authorizer(restEvent({ headers: { Cookie: cookie } }))).rejects.toThrow(new Error(code));
    const route = 'authorizer Cl.Cm';
    expect(logLines).toEqual([
      { level: 'error', event: 'refused', route, request_id: requestId, ...fields },
      expect.objectContaining({ refused: 1, code, fault }),
      expect.objectContaining({ cold_starts: [1] }),
    ]);
    expect(JSON.stringify(logLines)).not.toContain('secret');
  });
});

describe('the log of an authorizer', () => {
  test('has a line for each decision, one cold start, and an audit event for a denial', async () => {
    const { authorizer, signIn, logLines } = startAuthorizer();
    const cookie = await signIn();
    const started = performance.now();
    await authorizer(restEvent({ headers: { Cookie: cookie } }));
    await authorizer(restEvent({})).catch(() => undefined);
    await authorizer(restEvent({ method: 'POST', headers: { Cookie: cookie } }));

    const longest = Math.ceil(performance.now() - started);
    const route = 'authorizer Cl.Cm';
    const names = logLines.flatMap(({ event }) => event ?? []);
    expect(names).toEqual(['decided', 'decided', 'audit', 'decided']);
    const decisions = logLines.filter(({ event }) => event === 'decided');
    for (const { duration_ms: duration } of decisions) expect(duration).toBeLessThanOrEqual(longest);
    expect(decisions).toMatchObject([
      { route, code: 'authorized', method: 'GET', cold_start: true },
      { route, code: 'login_required', method: 'GET', cold_start: false },
      { route, code: 'cross_site_request', method: 'POST', cold_start: false },
    ]);
    expect(logLines.flatMap(({ cold_starts: starts }) => starts ?? [])).toEqual([1]);
    expect(logLines.filter(({ event }) => event === 'audit')).toMatchObject([
      { action: 'refused', code: 'cross_site_request' },
    ]);
  });
});
