import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { inspectKeys, isDeployable } from '../../bin/keys/inspect-keys.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { renderServiceAssets } from '../../lib/pages/static-assets/session-timeout.ts';
import { pageAssets, renderAsset } from '../../lib/pages/static-assets/static-asset.ts';
import type { AwsCall } from '../../local/aws/aws-call.ts';
import { createKmsClient } from '../../local/aws/clients.ts';
import { startEmbeddedDynamoDb } from '../../local/dynamodb/embedded-dynamodb.ts';
import type { LocalEnvironment } from '../../local/environment.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { listenOnLocalhost } from '../../local/loopback-server.ts';
import { buildRegistration, startOneLogin } from '../../local/stand-in.ts';
import { relocate } from '../../local/template/relocate.ts';
import { changedAssembly } from '../support/changed-assembly.ts';
import { startTestEnvironment } from '../support/environment.ts';
import { chooseAtStandIn, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';

// Environments start in these tests.
jest.setTimeout(60_000);

let service: Service;
const shown: string[] = [];

beforeAll(async () => {
  service = await startService({ onLine: (line) => shown.push(line) });
});

afterAll(() => service.close());

const isAudit = (line: string) => JSON.parse(line).event === 'audit';
const fetchLogin = ({ publicUrl }: LocalEnvironment) => fetch(`${publicUrl}/login`, { redirect: 'manual' });

describe('the local environment', () => {
  test('serves the JWKS with the key of the template without a function', async () => {
    const before = [service.logs.length, service.awsCalls.length];
    const { keys } = Object(await (await fetch(`${service.publicUrl}/.well-known/jwks.json`)).json());
    expect(keys).toMatchObject([{ kty: 'RSA', alg: 'PS256', kid: findKey(service, 'first') }]);
    expect([service.logs.length, service.awsCalls.length]).toEqual(before);
    const publisher = service.functionId('publish-jwks');
    const calls = service.awsCalls.filter(({ caller }) => caller === publisher);
    expect(calls.map(({ action }) => action)).toEqual(['GetPublicKey']);
  });

  test('serves the static assets unchanged without a function', async () => {
    const before = service.logs.length;
    const assets = [...pageAssets.map(renderAsset), ...renderServiceAssets(loadLocalConfig())];
    for (const { path, contentType, content, isHashed } of assets) {
      const response = await fetch(`${service.publicUrl}/${path}`);

      expect([response.status, response.headers.get('content-type')]).toEqual([200, contentType]);
      expect(response.headers.get('cache-control')).toBe(
        `public, max-age=${isHashed ? '31536000, immutable' : '300'}`,
      );
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
    }
    expect(service.logs.length).toBe(before);
  });

  test('puts its own ports into the template', () => {
    const template = JSON.stringify(service.template);
    expect(template).toContain(`"PUBLIC_URL":"${service.url}/auth"`);
    expect(template).toContain(`"OIDC_ISSUER":"${service.standIn.issuer}"`);
    expect(template).not.toMatch(/localhost(:|%3A)(8080|3000)\b/);
  });

  test.each([
    ['/', 200],
    ['/?lang=cy', 200],
    ['/account', 303],
    ['/author', 404],
    ['/auth/x', 404],
  ])('serves %s by the API with %d', async (path, status) => {
    const response = await fetch(`${service.url}${path}`, { redirect: 'manual' });
    expect([response.status, response.headers.has('x-amz-apigw-id')]).toEqual([status, true]);
  });

  test('records the calls and the lines of each function', async () => {
    const [calls, logs] = [service.awsCalls.length, service.logs.length];
    await fetchLogin(service);
    const functionId = service.functionId('login');
    const signatures = service.awsCalls.slice(calls).filter(({ service: name }) => name === 'kms');
    const input = expect.objectContaining({ MessageType: 'DIGEST' });
    expect(signatures).toEqual([{ service: 'kms', action: 'Sign', caller: functionId, input }]);
    const lines = service.logs.slice(logs).map((entry) => [entry.functionId, JSON.parse(entry.line).status]);
    expect(lines).toContainEqual([functionId, 303]);
  });

  test('collects the audit trail by a function and shows each line once', async () => {
    const callback = `${service.publicUrl}/callback?error=access_denied&state=unknown`;
    const before = service.auditTrail.length;
    await fetch(callback);
    const written = service.logs.findLast(({ line }) => isAudit(line));
    await until('the line was collected', () => service.auditTrail.length > before);

    expect(written?.functionId).toBe(service.functionId('callback'));
    expect(service.auditTrail.at(-1)?.functionId).toBe(service.functionId('collect-audit'));
    expect(JSON.parse(service.auditTrail.at(-1)?.line ?? '')).toEqual({
      ...JSON.parse(written?.line ?? ''),
      event_id: expect.any(String),
    });
    expect(shown).toEqual(service.logs.map(({ line }) => line));
  });

  test('runs its schedules when a test calls them', async () => {
    const isJwks = ({ path }: { path: string }) => path === '/.well-known/jwks.json';
    expect(service.standIn.requests.filter(isJwks)).toHaveLength(1);
    expect(service.schedules.all.map(({ interval }) => interval)).toEqual([300_000, 300_000]);
    for (const schedule of service.schedules.all) {
      expect(await schedule.run()).toMatchObject([{ kind: 'returned' }]);
    }
  });

  test('invokes a function by its name', async () => {
    await expect(service.invoke('refresh-jwks', {})).resolves.toMatchObject({ kind: 'returned' });
    expect(() => service.invoke('refresh', {})).toThrow(
      /^there is no function refresh; there are .*\blogin, callback\b/,
    );
  });

  test('records its keys in KMS for one-login keys', async () => {
    const kms = await createKmsClient(service.kms.url, 'eu-west-2');
    const { publicUrl } = service;
    const now = Date.now();
    const report = await inspectKeys({ config: loadLocalConfig(), publicUrl, kms, now, emergency: false });
    kms.destroy();

    const kid = findKey(service, 'first');
    expect(report.keys).toMatchObject([{ name: 'first', state: 'sign', keyState: 'Enabled', keyId: kid }]);
    expect(report.jwks).toMatchObject({ kind: 'read', kids: [kid] });
    expect(report.changes).toEqual([]);
    expect(isDeployable(report)).toBe(true);
  });
});

describe('a second environment with another config', () => {
  /** A domain and a firewall in front of the API, and every state of a key. */
  const config: DeploymentConfig = {
    ...loadLocalConfig(),
    clientId: 'another-client',
    idTokenSigningAlgorithm: 'RS256',
    signingKeys: [
      { name: 'old', state: 'retire' },
      { name: 'first', state: 'publish' },
      { name: 'next', state: 'sign' },
    ],
    serviceUrl: 'https://www.service.example/',
    publicUrl: 'https://www.service.example/auth',
    domain: { name: 'www.service.example', hostedZone: { id: 'Z1', name: 'service.example' } },
    firewall: {
      managedRuleGroups: ['AWSManagedRulesBotControlRuleSet'],
      rateLimits: {
        signIn: 10,
        callback: 10,
        signOut: 10,
        userinfoWithoutSession: 10,
        backchannelLogout: 10,
        jwks: 10,
      },
    },
    reservedConcurrency: { login: 1, callback: 1, userinfo: 1, logout: 1, backchannelLogout: 1 },
  };
  let other: Service;

  beforeAll(async () => {
    other = await startService({ config });
  });

  afterAll(() => other.close());

  test('has its own client, and nothing in front of the API', async () => {
    expect(other.standIn.client).toMatchObject({
      clientId: 'another-client',
      idTokenSigningAlgorithm: 'RS256',
    });
    const home = await other.signIn(new WebBrowser());
    expect(home.body).toContain('You are signed in');
  });

  test('publishes the signing key first and no retired key, and signs with the signing key', async () => {
    const { keys } = Object(await (await fetch(`${other.publicUrl}/.well-known/jwks.json`)).json());
    const kids = [findKey(other, 'next'), findKey(other, 'first')];
    expect(keys.map(({ kid }: { kid: string }) => kid)).toEqual(kids);

    const { headers } = await fetchLogin(other);
    const request = new URL(headers.get('location') ?? '').searchParams.get('request') ?? '';
    const header = JSON.parse(Buffer.from(request.split('.')[0] ?? '', 'base64url').toString());
    expect(header.kid).toBe(kids[0]);
  });

  test('does not share keys and sessions with the first', async () => {
    expect(findKey(other, 'first')).not.toBe(findKey(service, 'first'));
    const browser = new WebBrowser();
    await service.signIn(browser);
    expect((await browser.open(service.url)).body).toContain('You are signed in');
    expect((await browser.open(other.url)).body).toContain('Start now');
  });
});

describe('an environment with an external provider and DynamoDB', () => {
  test('signs in at the provider, uses one access key and deletes its tables in the end', async () => {
    const port = await findFreePort();
    const publicUrl = `http://localhost:${port}/auth`;
    const client = buildRegistration(loadLocalConfig(), publicUrl);
    const provider = await startOneLogin({ port: 0, client });
    const calls: AwsCall[] = [];
    const dynamodb = await startEmbeddedDynamoDb((call) => calls.push(call));
    const move = { from: new URL(loadLocalConfig().provider.issuer).origin, to: provider.url };
    const assembly = await changedAssembly((template) => relocate(template, [move]));
    const other = await startTestEnvironment({
      assemblyDirectory: assembly.directory,
      port,
      externalProvider: true,
      dynamodbUrl: dynamodb.url,
    });
    try {
      expect(other.standIn).toBeUndefined();
      expect(() => other.dynamodb.injectFault({})).toThrow('faults can be injected into an embedded service');
      const browser = new WebBrowser();
      const home = await chooseAtStandIn(browser, await browser.open(`${publicUrl}/login?return_to=/`));
      expect(home.body).toContain('You are signed in');
    } finally {
      await other.close();
      await provider.close();
      await dynamodb.close();
      await assembly.remove();
    }
    const listTables = (action: string) =>
      calls.filter((call) => call.action === action).map(({ input }) => Object(input).TableName);
    expect(new Set(calls.map(({ caller }) => caller))).toEqual(new Set(['local']));
    expect(listTables('PutItem').length).toBeGreaterThan(0);
    expect(listTables('CreateTable')).toHaveLength(3);
    expect(listTables('DeleteTable').sort()).toEqual(listTables('CreateTable').sort());
  });
});

describe('a start that fails', () => {
  test('names the port that is taken, and leaves nothing listening', async () => {
    const taken = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
    const port = await findFreePort();
    const problem = `PORT: something else is listening on port ${taken.port}; end it or choose another port with`;
    try {
      const start = startTestEnvironment({ port, oneLoginPort: taken.port });
      await expect(start).rejects.toThrow(`ONE_LOGIN_${problem} --one-login-port or ONE_LOGIN_PORT`);
      await expect(startTestEnvironment({ port: taken.port })).rejects.toThrow(`${problem} --port or PORT`);
      await expect(isListening(port)).resolves.toBe(false);
    } finally {
      await taken.close();
    }
  });

  test('leaves nothing listening when it is aborted', async () => {
    const port = await findFreePort();
    const start = startTestEnvironment({ port, signal: AbortSignal.abort() });
    await expect(start).rejects.toThrow('aborted');
    await expect(isListening(port)).resolves.toBe(false);
  });
});

async function findFreePort(): Promise<number> {
  const server = await listenOnLocalhost(() => {}, { port: 0, portName: '' });
  await server.close();
  return server.port;
}

function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** The id of a signing key of the config. */
function findKey({ kms }: LocalEnvironment, name: string): string {
  return kms.keys.find(`alias/one-login/local/${name}`).id;
}
