import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pageAssets, renderAsset } from '../../lib/pages/static-assets/static-asset.ts';
import type { AwsCall } from '../../local/aws/aws-call.ts';
import { startEmbeddedDynamoDb } from '../../local/dynamodb/embedded-dynamodb.ts';
import { type LocalEnvironment, startLocalEnvironment } from '../../local/environment.ts';
import { configureStart, loadLocalConfig } from '../../local/local-config.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { buildRegistration, startOneLogin } from '../../local/stand-in.ts';
import { synthesise } from '../../local/synthesis/synthesise.ts';
import { headingOf } from '../support/web-browser.ts';
import { HttpBrowser } from './support/http-browser.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const directory = await temporaryDirectory();
let environment: LocalEnvironment;

beforeAll(async () => {
  environment = await startLocalEnvironment();
}, 60_000);

afterAll(() => environment.close());

async function signedIn(): Promise<HttpBrowser> {
  const browser = new HttpBrowser();
  await browser.signIn(await browser.visit(`${environment.url}/auth/login?return_to=/`));
  return browser;
}

describe('the local environment', () => {
  test('lets a user sign in, be shown, and sign out', async () => {
    const browser = new HttpBrowser();
    expect((await browser.visit(environment.url)).page).toContain('Start now');
    const atOneLogin = await browser.visit(`${environment.url}/auth/login?return_to=/`);
    expect(atOneLogin.url.origin).toBe(environment.standIn?.url);
    const home = await browser.signIn(atOneLogin);
    expect(home.url.href).toBe(`${environment.url}/`);
    expect(headingOf({ body: home.page })).toBe('You are signed in');
    expect(home.page).toContain('urn:fdc:gov.uk:2022:');
    const after = await browser.visit(`${environment.url}/auth/logout`);
    expect([after.status, after.url.origin]).toEqual([200, environment.url]);
    expect((await browser.visit(environment.url)).page).toContain('Start now');
  });

  test('serves the JWKS with the key that the template has, and asks no function', async () => {
    const functionId = environment.functionId('publish-jwks');
    const before = [environment.logs.length, environment.awsCalls.length];
    const response = await fetch(`${environment.publicUrl}/.well-known/jwks.json`);
    const { keys } = Object(await response.json());
    expect(keys).toMatchObject([{ kty: 'RSA', alg: 'PS256', kid: signingKeyOf(environment) }]);
    expect([environment.logs.length, environment.awsCalls.length]).toEqual(before);
    expect(
      environment.awsCalls.filter(({ caller }) => caller === functionId).map(({ action }) => action),
    ).toEqual(['GetPublicKey']);
  });

  test('serves the static assets byte for byte as they are, and asks no function', async () => {
    const before = environment.logs.length;
    for (const { path, contentType, content } of pageAssets.map(renderAsset)) {
      const response = await fetch(`${environment.publicUrl}/${path}`);

      expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType]);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    }
    expect(environment.logs.length).toBe(before);
  });

  test('says of an unknown asset what it says of any unknown page', async () => {
    const answers = await Promise.all(
      ['assets/govuk-0000000000000000.css', 'assets', 'assets/', 'nowhere'].map(async (path) => {
        const response = await fetch(`${environment.publicUrl}/${path}`);
        const page = (await response.text()).replace(
          /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/,
          'its reference',
        );
        return [response.status, response.headers.get('cache-control'), page];
      }),
    );

    expect(answers[0]?.slice(0, 2)).toEqual([404, 'no-store']);
    expect(new Set(answers.map(String)).size).toBe(1);
  });

  test('runs on the ports that it got', () => {
    const template = JSON.stringify(environment.template);
    expect(template).toContain(`"PUBLIC_URL":"${environment.url}/auth"`);
    expect(template).toContain(`"OIDC_ISSUER":"${environment.standIn?.issuer}"`);
    expect(template).not.toMatch(/localhost(:|%3A)(8080|3000)\b/);
  });

  test('has the API at every path, the example service being part of it', async () => {
    const answers = await Promise.all(
      ['/', '/?lang=cy', '/account', '/author', '/auth/x'].map(async (path) => {
        const { headers, status } = await fetch(`${environment.url}${path}`, { redirect: 'manual' });
        return [path, status, headers.has('x-amz-apigw-id')];
      }),
    );

    expect(answers).toEqual([
      ['/', 200, true],
      ['/?lang=cy', 200, true],
      ['/account', 303, true],
      ['/author', 404, true],
      ['/auth/x', 404, true],
    ]);
  });

  test('records which function called what, and what it wrote', async () => {
    const [calls, logs] = [environment.awsCalls.length, environment.logs.length];
    await fetch(`${environment.publicUrl}/login`, { redirect: 'manual' });
    const functionId = environment.functionId('login');
    expect(environment.awsCalls.slice(calls).filter(({ service }) => service === 'kms')).toEqual([
      {
        service: 'kms',
        action: 'Sign',
        caller: functionId,
        input: expect.objectContaining({ MessageType: 'DIGEST' }),
      },
    ]);
    expect(
      environment.logs.slice(logs).map((entry) => [entry.functionId, JSON.parse(entry.line).status]),
    ).toContainEqual([functionId, 303]);
  });

  test('shows what is in its tables', async () => {
    await signedIn();
    const dump = await environment.dynamodb.dump();
    const count = (name: string) =>
      Object.entries(dump).find(([logicalId]) => logicalId.includes(name))?.[1].length ?? 0;
    expect(Object.keys(dump)).toHaveLength(3);
    expect(count('LoginAttempts')).toBeGreaterThan(0);
    expect(count('Sessions')).toBeGreaterThan(0);
    expect(count('ProviderDocuments')).toBeGreaterThan(0);
  });

  test.each(['dynamodb', 'kms'] as const)('can be made to have no %s', async (service) => {
    const end = environment[service].injectFault({ error: { status: 500, type: 'InternalFailure' } });
    try {
      expect((await fetch(`${environment.publicUrl}/login`, { redirect: 'manual' })).status).toBe(503);
    } finally {
      end();
    }
    expect((await fetch(`${environment.publicUrl}/login`, { redirect: 'manual' })).status).toBe(303);
  });

  test('runs a schedule when a test wants it to', async () => {
    const fetches = () =>
      environment.standIn?.requests.filter(({ path }) => path === '/.well-known/jwks.json').length;
    expect(fetches()).toBe(1);
    expect(environment.schedules.all.map(({ enabled, interval }) => [enabled, interval])).toContainEqual([
      true,
      300_000,
    ]);
    for (const schedule of environment.schedules.all) {
      expect(await schedule.run()).toMatchObject([{ kind: 'returned' }]);
    }
  });

  test('invokes a function by its folder', async () => {
    const event = { version: '0', 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} };
    await expect(environment.invoke('refresh-jwks', event)).resolves.toMatchObject({ kind: 'returned' });
    expect(() => environment.invoke('refresh', event)).toThrow(
      /^there is no function refresh; there are .*\blogin, callback\b/,
    );
  });
});

describe('several environments', () => {
  test('run side by side, each with keys and sessions of its own', async () => {
    const other = await startLocalEnvironment();
    try {
      expect(other.url).not.toBe(environment.url);
      expect(signingKeyOf(other)).not.toBe(signingKeyOf(environment));
      const browser = await signedIn();
      expect((await browser.visit(environment.url)).page).toContain('You are signed in');
      expect((await browser.visit(other.url)).page).toContain('Start now');
    } finally {
      await other.close();
    }
  });

  test('can differ in their config', async () => {
    const config = {
      ...loadLocalConfig(),
      clientId: 'another-client',
      idTokenSigningAlgorithm: 'RS256' as const,
    };
    const other = await startLocalEnvironment({ config });
    try {
      const browser = new HttpBrowser();
      const home = await browser.signIn(await browser.visit(`${other.url}/auth/login?return_to=/`));
      expect(home.page).toContain('You are signed in');
      expect(other.standIn?.client).toMatchObject({
        clientId: 'another-client',
        idTokenSigningAlgorithm: 'RS256',
      });
    } finally {
      await other.close();
    }
  }, 60_000);
});

describe('a provider elsewhere', () => {
  test('is used in the place of the stand-in, as its discovery document says', async () => {
    const free = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    await free.close();
    const client = buildRegistration(loadLocalConfig(), `${free.url}/auth`, environment.template);
    const provider = await startOneLogin({ port: 0, client });
    const config = await configureStart({ port: free.port, oneLoginPort: 3000, oneLoginUrl: provider.url });
    await synthesise({ config, directory });
    const options = { config, assemblyDirectory: directory, port: free.port, externalProvider: true };
    const other = await startLocalEnvironment(options);
    try {
      expect(other.standIn).toBeUndefined();
      const browser = new HttpBrowser();
      const home = await browser.signIn(await browser.visit(`${other.url}/auth/login?return_to=/`));
      expect(home.page).toContain('You are signed in');
    } finally {
      await other.close();
      await provider.close();
    }
  }, 60_000);
});

describe('a DynamoDB elsewhere', () => {
  test('gets the tables, all callers under one access key, and loses them in the end', async () => {
    const calls: AwsCall[] = [];
    const elsewhere = await startEmbeddedDynamoDb((call) => calls.push(call));
    const other = await startLocalEnvironment({ dynamodbUrl: elsewhere.url });
    try {
      expect((await fetch(`${other.publicUrl}/login`, { redirect: 'manual' })).status).toBe(303);
      expect(() => other.dynamodb.injectFault({})).toThrow('only an embedded service can be disturbed');
    } finally {
      await other.close();
      await elsewhere.close();
    }
    const tablesOf = (action: string) =>
      calls.filter((call) => call.action === action).map(({ input }) => Object(input).TableName);
    expect(new Set(calls.map(({ caller }) => caller))).toEqual(new Set(['local']));
    expect(tablesOf('PutItem').length).toBeGreaterThan(0);
    expect(tablesOf('CreateTable')).toHaveLength(3);
    expect(tablesOf('DeleteTable').sort()).toEqual(tablesOf('CreateTable').sort());
  });
});

describe('a start that fails', () => {
  test('says which port is taken, and leaves nothing listening', async () => {
    const taken = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    const free = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    await free.close();
    try {
      const problem = `ONE_LOGIN_PORT: something else is listening on port ${taken.port}; end it or choose another port`;
      await expect(startLocalEnvironment({ port: free.port, oneLoginPort: taken.port })).rejects.toThrow(
        problem,
      );
      await expect(startLocalEnvironment({ port: taken.port })).rejects.toThrow(
        problem.replace('ONE_LOGIN_', ''),
      );
      await expect(isListening(free.port)).resolves.toBe(false);
    } finally {
      await taken.close();
    }
  });

  test('is given up when it is aborted, and leaves nothing listening', async () => {
    const free = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    await free.close();
    await expect(startLocalEnvironment({ port: free.port, signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    );
    await expect(isListening(free.port)).resolves.toBe(false);
  });
});

function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

function signingKeyOf({ kms }: LocalEnvironment): string {
  return kms.keys.find('alias/one-login/local/first').id;
}
