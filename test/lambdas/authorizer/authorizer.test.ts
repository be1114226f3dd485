import { describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import {
  eventFormats,
  lifetimes,
  methodArn,
  minute,
  payload,
  readEffect,
  startAuthorizer,
} from './support.ts';

const restEvent = eventFormats['REST API'];

describe.each(Object.entries(eventFormats))('the authorizer, asked by a %s', (_, event) => {
  test('allows the called method and nothing else', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const answer = await authorizer(event({ headers: { Cookie: await signIn() } }));

    expect(answer.principalId).toBe(payload.sub);
    expect(answer.policyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
    });
  });

  test('finds the session among other cookies', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const cookie = `theme=dark; ${await signIn()}; _ga=GA1.1.1`;

    expect(readEffect(await authorizer(event({ headers: { Cookie: cookie } })))).toBe('Allow');
  });

  test('throws the word that becomes a 401 when nobody is signed in', async () => {
    const { authorizer } = startAuthorizer();

    await expect(authorizer(event({}))).rejects.toThrow(/^Unauthorized$/);
  });

  test.each(['\u00a0', '\u2000', '\ufeff', '\u00c2\u00a0'])(
    'takes no cookie for the session that was planted behind the white space %j',
    async (space) => {
      const { authorizer, signIn } = startAuthorizer();
      const [planted, own] = [`${space}${await signIn()}`, await signIn()];

      await expect(authorizer(event({ headers: { Cookie: planted } }))).rejects.toThrow(/^Unauthorized$/);
      expect(readEffect(await authorizer(event({ headers: { Cookie: `${planted}; ${own}` } })))).toBe(
        'Allow',
      );
    },
  );

  test('takes two session cookies for none', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const [cookie, other] = [await signIn(), await signIn()];

    for (const second of [cookie, other]) {
      const both = event({ headers: { Cookie: `${cookie}; ${second}` } });
      await expect(authorizer(both)).rejects.toThrow(/^Unauthorized$/);
    }
  });

  test('takes two Cookie headers with a session each for none', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const both = event({ headers: { Cookie: [await signIn(), await signIn()] } });

    await expect(authorizer(both)).rejects.toThrow(/^Unauthorized$/);
  });

  test('denies what changes something and comes from elsewhere', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const headers = { Cookie: await signIn(), 'Sec-Fetch-Site': 'same-site' };
    const answer = await authorizer(event({ method: 'POST', headers }));

    expect(readEffect(answer)).toBe('Deny');
    expect(answer.context).toMatchObject({ error: 'cross_site_request' });
  });

  test('denies a sender of headers that a mapping writes', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const cookie = await signIn();

    for (const name of ['X-One-Login-Sub', 'x_one_login_sub', 'X-ONE_LOGIN-vot']) {
      const answer = await authorizer(event({ headers: { Cookie: cookie, [name]: 'admin' } }));
      expect(readEffect(answer)).toBe('Deny');
      expect(answer.context).toMatchObject({ error: 'header_not_allowed' });
    }
  });
});

describe('the event', () => {
  test('of a REST API may have a header under two spellings: both count', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const headers = { Cookie: await signIn(), cookie: await signIn() };

    await expect(authorizer(restEvent({ headers }))).rejects.toThrow(/^Unauthorized$/);
  });

  test('of an HTTP API may have the cookies among the headers as well: they count once', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const cookie = await signIn();
    const event = { ...eventFormats['HTTP API, format 2.0']({}), cookies: [cookie], headers: { cookie } };

    expect(readEffect(await authorizer(event))).toBe('Allow');
  });

  test.each<[string, unknown]>([
    ['of a TOKEN authorizer', { type: 'TOKEN', methodArn, authorizationToken: 'x' }],
    ['without an ARN', { ...restEvent({}), methodArn: undefined }],
    ['of a proxy integration', { ...restEvent({}), type: undefined }],
    ['that is nothing', undefined],
  ])('%s is an error, and no answer', async (_, event) => {
    const { authorizer } = startAuthorizer();

    await expect(authorizer(event)).rejects.toThrow('is not that of a Lambda authorizer of the type REQUEST');
  });
});

describe('the path', () => {
  const base = 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET';

  test.each([`${base}/*`, `${base}/orders/4?`, `${base}/\${aws:username}`, '*'])(
    'is refused when a policy on it would cover other paths: %s',
    async (arn) => {
      const { authorizer, sessions, signIn } = startAuthorizer();
      const answer = await authorizer(restEvent({ arn, headers: { Cookie: await signIn() } }));

      expect(readEffect(answer)).toBe('Deny');
      expect(answer.context).toMatchObject({ error: 'path_not_allowed' });
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
  test('is honoured until it has been idle for too long, though the table still holds it', async () => {
    const { authorizer, signIn, clock } = startAuthorizer();
    const event = restEvent({ headers: { Cookie: await signIn() } });
    clock.advance(lifetimes.idle - 1);
    expect(readEffect(await authorizer(event))).toBe('Allow');
    clock.advance(lifetimes.idle);

    await expect(authorizer(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test('ends at its absolute expiry, however busy it is', async () => {
    const { authorizer, signIn, clock } = startAuthorizer();
    const event = restEvent({ headers: { Cookie: await signIn() } });
    for (let elapsed = 0; elapsed < lifetimes.absolute; elapsed += 30 * minute) {
      expect(readEffect(await authorizer(event))).toBe('Allow');
      clock.advance(30 * minute);
    }

    await expect(authorizer(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test('costs one read, and a write at most once per tenth of the idle time', async () => {
    const { authorizer, signIn, clock, sessions } = startAuthorizer();
    const event = restEvent({ headers: { Cookie: await signIn() } });
    await authorizer(event);
    expect(sessions.calls).toEqual(['read']);

    for (let call = 0; call < 10; call += 1) {
      clock.advance(lifetimes.idle / 50);
      await authorizer(event);
    }
    expect(sessions.calls.filter((name) => name === 'read')).toHaveLength(11);
    expect(sessions.calls.filter((name) => name === 'extendIdle')).toHaveLength(2);
  });

  test.each(['Sec-Purpose', 'X-Sec-Purpose', 'Purpose', 'X-Purpose', 'X-Moz', 'Next-Router-Prefetch'])(
    'is not used by a page that is fetched ahead, by %s',
    async (header) => {
      const { authorizer, signIn, clock, sessions } = startAuthorizer();
      const cookie = await signIn();
      clock.advance(30 * minute);
      const event = restEvent({ headers: { Cookie: cookie, [header]: 'prefetch' } });
      expect(readEffect(await authorizer(event))).toBe('Allow');
      expect(sessions.calls).toEqual(['read']);
    },
  );

  test('that is deleted while it is extended is none', async () => {
    const { authorizer, signIn, clock, sessions } = startAuthorizer();
    const cookie = await signIn();
    clock.advance(30 * minute);
    sessions.extendIdle = async () => false;

    await expect(authorizer(restEvent({ headers: { Cookie: cookie } }))).rejects.toThrow(/^Unauthorized$/);
  });

  test.each([
    '__Host-one-login-session=',
    '__Host-one-login-session=x.y',
    `__Host-one-login-session=${'a'.repeat(43)}`,
    'one-login-session=x',
  ])('is not looked for by a cookie that is none of ours: %s', async (cookie) => {
    const { authorizer, sessions } = startAuthorizer();

    await expect(authorizer(restEvent({ headers: { Cookie: cookie } }))).rejects.toThrow(/^Unauthorized$/);
    expect(sessions.calls).toEqual([]);
  });

  test('of somebody else does not open with a token that was guessed', async () => {
    const { authorizer, signIn } = startAuthorizer();
    const [subjectKey] = (await signIn()).split('.');
    const cookie = `${subjectKey}.${'a'.repeat(43)}`;

    await expect(authorizer(restEvent({ headers: { Cookie: cookie } }))).rejects.toThrow(/^Unauthorized$/);
  });
});

describe('when it can not be known who calls', () => {
  test.each<[string, unknown, string]>([
    [
      'DynamoDB is down',
      new RelyingPartyError('dynamodb_unavailable', 'GetItem failed: Timeout'),
      'dynamodb_unavailable',
    ],
    ['there is a mistake in the code', new TypeError('secret'), 'unexpected'],
  ])('because %s, the answer is an error other than Unauthorized, and a metric', async (_, thrown, code) => {
    const { authorizer, signIn, sessions, logLines } = startAuthorizer();
    const cookie = await signIn();
    sessions.read = () => Promise.reject(thrown);
    const answer = authorizer(restEvent({ headers: { Cookie: cookie } }));

    await expect(answer).rejects.toThrow(new Error(code));
    expect(logLines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        event: 'refused',
        code,
        request_id: '00000000-0000-4000-8000-000000000001',
      }),
    );
    expect(logLines).toContainEqual(expect.objectContaining({ refused: 1, code }));
    expect(JSON.stringify(logLines)).not.toContain('secret');
  });

  test('is known when only the idle extension fails: the user is let in, and the log has the failure', async () => {
    const { authorizer, signIn, clock, sessions, logLines } = startAuthorizer();
    const cookie = await signIn();
    clock.advance(30 * minute);
    sessions.extendIdle = () => Promise.reject(new RelyingPartyError('dynamodb_unavailable', 'down'));

    expect(await authorizer(restEvent({ headers: { Cookie: cookie } }))).toMatchObject({
      policyDocument: { Statement: [{ Effect: 'Allow' }] },
    });
    expect(logLines).toContainEqual(
      expect.objectContaining({ event: 'session_not_extended', code: 'dynamodb_unavailable' }),
    );
  });
});

describe('the metrics', () => {
  test('tell what was decided, and one cold start', async () => {
    const { authorizer, signIn, logLines } = startAuthorizer();
    const cookie = await signIn();
    await authorizer(restEvent({ headers: { Cookie: cookie } }));
    await authorizer(restEvent({})).catch(() => undefined);
    await authorizer(restEvent({ method: 'POST', headers: { Cookie: cookie } }));

    expect(logLines.flatMap(({ decision }) => decision ?? [])).toEqual([
      'authorized',
      'login_required',
      'cross_site_request',
    ]);
    expect(logLines.flatMap(({ cold_starts: starts }) => starts ?? [])).toEqual([1]);
  });
});

describe('the log', () => {
  test('has a line for each decision, without anything that says who the user is', async () => {
    const { authorizer, signIn, logLines } = startAuthorizer();
    const cookie = await signIn();
    await authorizer(restEvent({ headers: { Cookie: cookie } }));
    await authorizer(restEvent({})).catch(() => undefined);
    await authorizer(restEvent({ method: 'POST', headers: { Cookie: cookie } }));

    expect(logLines.filter((line) => (line as { event?: string }).event === 'decided')).toMatchObject([
      { route: 'authorizer Cl.Cm', code: 'authorized', method: 'GET', cold_start: true },
      { route: 'authorizer Cl.Cm', code: 'login_required', method: 'GET', cold_start: false },
      { route: 'authorizer Cl.Cm', code: 'cross_site_request', method: 'POST', cold_start: false },
    ]);
    const audited = logLines.filter((line) => (line as { event?: string }).event === 'audit');
    expect(audited).toMatchObject([{ action: 'refused', code: 'cross_site_request' }]);
    const text = JSON.stringify(logLines);
    for (const secret of [payload.sub, 'somebody@example.com', cookie.split('=')[1] ?? '', '/orders']) {
      expect(text).not.toContain(secret);
    }
  });
});
