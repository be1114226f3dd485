import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent, ScheduledEvent } from 'aws-lambda';
import { createCanaryHandler } from '../../../lambdas/canary/handler.ts';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import type { ProviderRequest, ProviderResponse } from '../../../lambdas/core/one-login/messages.ts';
import type { ProviderClient } from '../../../lambdas/core/ports.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { createCustomResourceEvent, startCloudFormation } from '../../support/custom-resources.ts';
import { TestClock } from '../../support/test-clock.ts';
import { issuer, metadataDocument } from '../core/one-login/example-provider.ts';

const publicUrl = 'https://service.example/auth';
const discoveryUrl = `${issuer}.well-known/openid-configuration`;
const scheduled = { 'detail-type': 'Scheduled Event' } as ScheduledEvent;
const day = 24 * 60 * 60 * 1000;

type Reply =
  | Partial<ProviderResponse>
  | (() => Partial<ProviderResponse> | Promise<Partial<ProviderResponse>>);

let clock: TestClock;
let lines: Record<string, unknown>[];
let requests: ProviderRequest[];
/** By method and URL without the query. A test replaces those that fail. */
let replies: Record<string, Reply>;
let readCertificateEnd: (url: string, signal: AbortSignal) => Promise<number>;

const authorizeUrl = (path: string) => `${issuer}authorize?client_id=c&request=secret-${path}`;
const jwks = `GET ${publicUrl}/.well-known/jwks.json`;
const login = `GET ${publicUrl}/login`;
const authorize = `GET ${issuer}authorize`;
const discovery = `GET ${discoveryUrl}`;
const callback = `HEAD ${publicUrl}/callback`;

beforeEach(() => {
  clock = new TestClock();
  lines = [];
  requests = [];
  replies = {
    [jwks]: { body: JSON.stringify({ keys: [{ kid: 'other' }, { kid: 'signing' }] }) },
    [discovery]: { body: JSON.stringify(metadataDocument) },
    [login]: { status: 303, headers: { location: authorizeUrl('login') } },
    [`GET ${publicUrl}/prove-identity`]: {
      status: 303,
      headers: { location: authorizeUrl('prove-identity') },
    },
    [authorize]: { status: 302, headers: { location: 'https://signin.example/' } },
    [callback]: {},
  };
  readCertificateEnd = async () => clock.now() + 44.9 * day;
});

const client: ProviderClient = {
  send: async (request) => {
    requests.push(request);
    const reply = replies[`${request.method} ${request.url.split('?')[0]}`];
    if (reply === undefined) throw new Error(`unexpected request: ${request.method} ${request.url}`);
    return { status: 200, headers: {}, body: '', ...(await (typeof reply === 'function' ? reply() : reply)) };
  },
};

function createHandler(settings: object = {}) {
  return createCanaryHandler({
    client: {
      withSignal: (signal) => {
        const aborted = new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason)),
        );
        aborted.catch(() => undefined);
        return { send: (request) => Promise.race([client.send(request), aborted]) };
      },
    },
    readCertificateEnd: (url, signal) => readCertificateEnd(url, signal),
    clock,
    logger: createLogger({
      deployment: 'test',
      write: (line) => lines.push(JSON.parse(line)),
      now: () => clock.now(),
    }),
    settings: {
      publicUrl,
      issuer,
      discoveryUrl,
      signingKeyId: 'signing',
      paths: ['login', 'prove-identity'],
      ...settings,
    },
  });
}

/** @returns the value of each step, and of the metrics without steps */
async function run(settings: object = {}): Promise<Record<string, unknown>> {
  await createHandler(settings)(scheduled, {});
  const steps = lines.flatMap(({ step, canary_step_failed: failed }) =>
    failed === undefined ? [] : [[String(step), failed]],
  );
  const find = (name: string) => lines.find((line) => name in line)?.[name];
  return {
    ...Object.fromEntries(steps),
    canary_failed: find('canary_failed'),
    certificate_days: find('certificate_days'),
  };
}

const failures = () =>
  lines.filter(({ event }) => event === 'canary_failed').map(({ level, event, ...rest }) => rest);

const fine = {
  jwks: 0,
  jwks_in_time: 0,
  discovery: 0,
  login: 0,
  authorize: 0,
  callback: 0,
  certificate: 0,
  canary_failed: 0,
  certificate_days: 44,
};

describe('the canary', () => {
  test('writes a zero for each step when all is well, and no line of the log', async () => {
    expect(await run()).toEqual(fine);
    expect(failures()).toEqual([]);
  });

  test('requests our keys first, and signs no user in', async () => {
    await run();
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      jwks,
      discovery,
      callback,
      login,
      `GET ${authorizeUrl('login')}`,
      `GET ${publicUrl}/prove-identity`,
      `GET ${authorizeUrl('prove-identity')}`,
    ]);
    // A browser's headers would count it as a user, see `isShownNavigation`.
    for (const { headers } of requests.filter(({ url }) => url.startsWith(publicUrl)))
      expect(headers).toEqual({});
  });

  test('writes no measurement of calls to One Login, which are for those of users', async () => {
    await run();
    expect(JSON.stringify(lines)).not.toContain('latency');
  });

  test.each([
    ['fails', { status: 503 }, `${publicUrl}/.well-known/jwks.json responds with 503, expected 200`],
    ['is a page', { body: '<html>' }, 'the response is no JWKS'],
    ['has no keys', { body: '{}' }, 'the response is no JWKS'],
    [
      'lacks the key that signs',
      { body: '{"keys":[{"kid":"other"},null]}' },
      'the key that signs is not in the JWKS',
    ],
  ])('fails when the JWKS %s', async (_, reply, message) => {
    replies[jwks] = reply;
    const { jwks_in_time: _untimed, ...rest } = fine;
    expect(await run()).toEqual({ ...rest, jwks: 1, canary_failed: 1 });
    expect(failures()).toEqual([{ step: 'jwks', message }]);
  });

  test('tries the JWKS twice, as One Login does', async () => {
    let times = 0;
    const { [jwks]: good = {} } = replies;
    replies[jwks] = () => {
      times += 1;
      if (times === 1) throw new RelyingPartyError('provider_timed_out', 'no complete response');
      return good as Partial<ProviderResponse>;
    };
    expect(await run()).toEqual(fine);
    expect(times).toBe(2);
  });

  test.each([
    ['499 ms at once', [499], 0, 1],
    ['500 ms and then less', [500, 100], 0, 2],
    ['500 ms twice', [800, 500], 1, 2],
  ])('measures our keys against the half second of One Login: %s', async (_, times, late, tries) => {
    const { [jwks]: good = {} } = replies;
    let count = 0;
    replies[jwks] = () => {
      clock.advance(times[count] ?? 0);
      count += 1;
      return good as Partial<ProviderResponse>;
    };
    // A ticket, not a page: One Login keeps our keys for a day.
    expect(await run()).toEqual({ ...fine, jwks_in_time: late });
    expect(count).toBe(tries);
    expect(failures()).toEqual(
      late === 0
        ? []
        : [{ step: 'jwks_in_time', message: 'twice our keys took 500 ms or more, at last 500 ms' }],
    );
  });

  test.each([
    ['is down', { status: 503 }, 'unexpected status 503 of the discovery document, expected 200'],
    ['has another issuer', { body: '{}' }, 'invalid discovery document: unexpected "issuer"'],
  ])(
    'reports that the discovery document %s, and goes on: users do not notice',
    async (_, reply, message) => {
      replies[discovery] = reply;
      expect(await run()).toEqual({ ...fine, discovery: 1 });
      expect(failures()).toEqual([{ step: 'discovery', message }]);
    },
  );

  test.each<[string, Reply, string]>([
    ['shows an error', { status: 503 }, `${publicUrl}/login responds with 503, expected 303`],
    ['is refused by a firewall', { status: 403 }, `${publicUrl}/login responds with 403, expected 303`],
    ['redirects nowhere', { status: 303 }, 'it redirects to nowhere, not to the authorization endpoint'],
    [
      'redirects to a page that is not the endpoint',
      { status: 303, headers: { location: `${issuer}other?request=secret` } },
      `it redirects to ${issuer}other, not to the authorization endpoint`,
    ],
    [
      'sends no request object',
      { status: 303, headers: { location: metadataDocument.authorization_endpoint } },
      'the redirect has no request object',
    ],
    [
      'does not respond',
      () => Promise.reject(new RelyingPartyError('provider_timed_out', 'no connection within 1500 ms')),
      'no connection within 1500 ms',
    ],
  ])('fails when the login %s, and still examines the other paths', async (_, reply, message) => {
    replies[login] = reply;
    expect(await run()).toEqual({ ...fine, login: 1, canary_failed: 1 });
    expect(failures()).toEqual([{ step: 'login', route: 'login', message }]);
  });

  test('accepts only the host of One Login when the discovery document is not there', async () => {
    replies[discovery] = { status: 503 };
    replies[login] = { status: 303, headers: { location: 'https://evil.example/authorize?request=x' } };
    expect(await run()).toEqual({ ...fine, discovery: 1, login: 1, canary_failed: 1 });
  });

  const refuse = (query: string) => ({
    status: 302,
    headers: { location: `${publicUrl}/callback?${query}` },
  });

  test.each([
    ['400', { status: 400 }, 'One Login responds to the request with 400'],
    ['500', { status: 500 }, 'One Login responds to the request with 500'],
    [
      'an error that our callback would get',
      refuse('error=invalid_request&error_description=secret&state=secret'),
      'the provider responded with "error" invalid_request',
    ],
    [
      'an unknown error',
      refuse('error=secret&state=secret'),
      'the provider responded with an unknown "error"',
    ],
  ])('fails when One Login refuses the request with %s', async (_, reply, message) => {
    replies[authorize] = reply;
    expect(await run()).toEqual({ ...fine, authorize: 1, canary_failed: 1 });
    expect(failures()).toEqual([
      { step: 'authorize', route: 'login', message },
      { step: 'authorize', route: 'prove-identity', message },
    ]);
  });

  test('fails when One Login turns users away, but not when it only has no capacity for identities', async () => {
    replies[authorize] = refuse('error=temporarily_unavailable');
    expect(await run({ paths: ['login'] })).toMatchObject({ authorize: 1, canary_failed: 1 });
    lines = [];
    expect(await run({ paths: ['prove-identity'] })).toMatchObject({ authorize: 0, canary_failed: 0 });
  });

  test.each([
    ['shows a page of its own', { status: 200 }],
    ['recognises the user', refuse('code=c&state=s')],
    ['redirects to another path of ours', { status: 302, headers: { location: `${publicUrl}?error=x` } }],
  ])('is content when One Login %s', async (_, reply) => {
    replies[authorize] = reply;
    expect(await run()).toEqual(fine);
  });

  test('fails when the callback does not respond', async () => {
    replies[callback] = { status: 502 };
    expect(await run()).toEqual({ ...fine, callback: 1, canary_failed: 1 });
    expect(failures()).toEqual([
      { step: 'callback', message: `${publicUrl}/callback responds with 502, expected 200` },
    ]);
  });

  test('reports a certificate that it cannot read by the class of the error alone', async () => {
    readCertificateEnd = () => Promise.reject(new TypeError('secret'));
    expect(await run()).toEqual({ ...fine, certificate: 1, certificate_days: undefined });
    expect(failures()).toEqual([
      { step: 'certificate', error_name: 'TypeError', error_at: expect.any(String) },
    ]);
  });

  test('writes a negative number of days for a certificate that has ended', async () => {
    readCertificateEnd = async () => clock.now() - 1;
    expect(await run()).toMatchObject({ certificate_days: -1 });
  });

  test('examines no certificate at an http address', async () => {
    for (const [name, reply] of Object.entries(replies))
      replies[name.replace(publicUrl, 'http://localhost/auth')] = reply;
    const result = await run({ publicUrl: 'http://localhost/auth' });
    expect(result).toEqual({ ...fine, certificate: undefined, certificate_days: undefined });
  });

  test('writes what it has found when its time is over', async () => {
    const never = <T>() => Promise.withResolvers<T>().promise;
    let end: AbortSignal | undefined;
    readCertificateEnd = (_, signal) => {
      end = signal;
      const { promise, reject } = Promise.withResolvers<number>();
      signal.addEventListener('abort', () => reject(signal.reason));
      return promise;
    };
    replies[login] = never;
    // Two seconds are for the rest.
    await createHandler()(scheduled, { getRemainingTimeInMillis: () => 2_050 });
    expect(end?.aborted).toBe(true);
    expect(lines).toContainEqual(expect.objectContaining({ canary_failed: 1 }));
    const message = 'the function ran out of time';
    expect(failures()).toContainEqual({ step: 'login', route: 'login', message });
    expect(failures()).toContainEqual({ step: 'certificate', message });
  });

  test('logs no request object, state or description', async () => {
    replies[authorize] = refuse('error=secret&error_description=secret&state=secret');
    replies[login] = { status: 303, headers: { location: `${issuer}elsewhere?request=secret` } };
    await run();
    expect(failures().length).toBeGreaterThan(1);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});

describe('the canary in a deployment', () => {
  async function deploy(type: CloudFormationCustomResourceEvent['RequestType']) {
    await using cloudFormation = await startCloudFormation();
    await createHandler()(createCustomResourceEvent(type, {}, cloudFormation.url), {});
    return cloudFormation.requests.map(({ body }) => body);
  }

  test('writes zeros for the periods of its alarm when it is created, and examines nothing', async () => {
    expect(await deploy('Create')).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'canary' }]);
    const times = lines.map(({ _aws, canary_failed: failed }) => [Object(_aws).Timestamp, failed]);
    expect(times).toEqual([
      [clock.now() - 600_000, 0],
      [clock.now() - 300_000, 0],
      [clock.now(), 0],
    ]);
    expect(requests).toEqual([]);
  });

  test.each(['Update', 'Delete'] as const)('writes nothing upon %s', async (type) => {
    expect(await deploy(type)).toMatchObject([{ Status: 'SUCCESS' }]);
    expect([lines, requests]).toEqual([[], []]);
  });
});
