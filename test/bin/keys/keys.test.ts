import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { buildKeyRecordAlias, type RecordedFact } from '../../../lib/keys/key-record-aliases.ts';
import { startEmbeddedKms } from '../../../local/kms/embedded-kms.ts';
import { KeyStore } from '../../../local/kms/key-store.ts';
import { configFileWith, runCommandWith } from '../../support/command.ts';

const account = { partition: 'aws', region: 'eu-west-2', accountId: '123456789012' };
const day = 24 * 60 * 60 * 1000;

let keys: KeyStore;
let served: readonly string[];
const jwks = createServer((_, response) =>
  response.end(JSON.stringify({ keys: served.map((kid) => ({ kty: 'RSA', kid })) })),
);
await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
const publicUrl = `http://localhost:${(jwks.address() as AddressInfo).port}/auth`;

beforeEach(() => {
  keys = new KeyStore(account);
  served = [];
});

afterAll(() => {
  jwks.close();
});

/** Deploys a key, by the aliases that the stack makes, each with its age. */
async function deploy(name: string, ages: Partial<Record<RecordedFact, number>>, deployment = 'local') {
  const { id } = await keys.create('RSA_2048');
  for (const [fact, age] of Object.entries(ages)) {
    keys.addAlias(buildKeyRecordAlias(deployment, name, fact as RecordedFact), id, Date.now() - age);
  }
  if (ages.jwks !== undefined && deployment === 'local') served = [...served, id];
  return id;
}

/** Runs the command on the KMS of the test. */
async function run(signingKeys: unknown, ...options: readonly string[]) {
  const kms = await startEmbeddedKms(keys, () => {});
  const config = configFileWith({ publicUrl, signingKeys });
  const result = await runCommandWith(
    { AWS_ENDPOINT_URL_KMS: kms.url },
    'keys',
    '--config',
    config,
    ...options,
  );
  await kms.close();
  return result;
}

test('shows the keys, and what may be done next', async () => {
  const kid = await deploy('a', { sign: 90 * day, jwks: 91 * day });
  await deploy('b', { publish: day, jwks: day });
  await deploy('a', { retire: 0 }, 'local-other');

  const { code, out } = await run([
    { name: 'a', state: 'sign' },
    { name: 'b', state: 'publish' },
  ]);

  expect(out).toContain(`Signing keys of local, 2 of them in ${publicUrl}/.well-known/jwks.json`);
  expect(out).toMatch(new RegExp(`a +sign +90 days +91 days +0 min +Enabled +${kid}`));
  expect(out).toContain('sign with b (publish): yes');
  expect(out).toContain('matches what is deployed');
  expect(code).toBe(0);
});

test('refuses a key list that comes too early, and says from when on it may be deployed', async () => {
  await deploy('a', { sign: 90 * day, jwks: 91 * day });
  await deploy('b', { publish: day / 2, jwks: day / 2 });
  const switched = [
    { name: 'a', state: 'publish' },
    { name: 'b', state: 'sign' },
  ];

  const { code, out } = await run(switched);
  const json = await run(switched, '--json');
  const emergency = await run(switched, '--emergency');

  expect(out).toMatch(/sign with b \(publish\): too early, not before .*Z \(in (11|12) h\)/);
  expect(out).toContain('Do not deploy this now.');
  expect(JSON.parse(json.out)).toMatchObject({
    good: false,
    changes: [
      { key: 'a', from: 'sign', to: 'publish', verdict: 'allowed' },
      { key: 'b', from: 'publish', to: 'sign', verdict: 'too-early', notBefore: expect.stringMatching(/Z$/) },
    ],
  });
  expect([code, json.code, emergency.code]).toEqual([1, 1, 0]);
});

test('says what to write into the config for a step that is asked for', async () => {
  await deploy('a', { sign: 90 * day, jwks: 91 * day });
  await deploy('b', { publish: 2 * day, jwks: 2 * day });

  const { code, out } = await run([{ name: 'a', state: 'sign' }], '--next', 'sign:b');
  const bad = await run([{ name: 'a', state: 'sign' }], '--next', 'retire:a');

  expect(out).toContain('"signingKeys": [{"name":"a","state":"publish"},{"name":"b","state":"sign"}]');
  expect(out).toContain('You can deploy this now.');
  expect(code).toBe(0);
  expect(bad.err).toContain('exactly one key must have the state sign; none has');
  expect(bad.code).toBe(2);
});

test('tells of a key that KMS has disabled, one that is not served, and one that is nobody’s', async () => {
  const kid = await deploy('a', { sign: 90 * day, jwks: 91 * day });
  keys.find(kid).state = 'Disabled';
  await deploy('b', { publish: 2 * day, jwks: 2 * day });
  served = [kid, 'stranger'];

  const { code, out } = await run([
    { name: 'a', state: 'sign' },
    { name: 'b', state: 'publish' },
  ]);

  expect(out).toContain('the key a is Disabled in KMS: it cannot sign');
  expect(out).toContain('the key b is missing from');
  expect(out).toContain('has a key that is not deployed: stranger');
  expect(code).toBe(1);
});

test('lets a new key be published and sign in an emergency, when the old one is disabled', async () => {
  keys.find(await deploy('a', { sign: 90 * day, jwks: 91 * day })).state = 'Disabled';
  const old = { name: 'a', state: 'sign' };

  const publishing = await run([old, { name: 'b', state: 'publish' }], '--emergency');
  await deploy('b', { publish: 0, jwks: 0 });
  const switching = await run(
    [
      { name: 'a', state: 'retire' },
      { name: 'b', state: 'sign' },
    ],
    '--emergency',
  );

  expect(publishing.out).toContain('the key a is Disabled in KMS: it cannot sign');
  expect([publishing.code, switching.code]).toEqual([0, 0]);
});

test('does not take an account without our keys for a first deployment', async () => {
  served = ['somewhere-else'];

  const { code, err } = await run([{ name: 'a', state: 'sign' }]);

  expect(err).toContain('KMS has none of the deployment local: are the credentials of the account');
  expect(code).toBe(2);
});

test('says nothing while a deployment is under way', async () => {
  await deploy('a', { sign: 90 * day, publish: 0, jwks: 91 * day });

  const { code, err } = await run([{ name: 'a', state: 'sign' }]);

  expect(err).toContain('the key a is between two states: a deployment of local is under way');
  expect(code).toBe(2);
});

test('says how it is used', async () => {
  const { code, err } = await run([{ name: 'a', state: 'sign' }], '--nonsense');

  expect(err).toContain("Unknown option '--nonsense'");
  expect(err).toContain('npm run keys -- --config <file>');
  expect(code).toBe(2);
});
