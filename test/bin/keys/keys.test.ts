import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inspectKeys, isDeployable } from '../../../bin/keys/inspect-keys.ts';
import { formatKeysAsJson, formatKeysAsText } from '../../../bin/keys/print-report.ts';
import type { PublishedKeyConfig, SigningKeyConfig } from '../../../lib/config/deployment-config.ts';
import {
  buildKeyRecordAlias,
  buildOtherKeyAlias,
  buildSigningKeyDescription,
  type RecordedFact,
} from '../../../lib/keys/key-record-aliases.ts';
import { createKmsClient } from '../../../local/aws/clients.ts';
import { startEmbeddedKms } from '../../../local/kms/embedded-kms.ts';
import { KeyStore } from '../../../local/kms/key-store.ts';
import { listenInternally } from '../../../local/loopback-server.ts';
import { configFileWith, runCommandWith } from '../../support/command.ts';
import { makePublishedKey } from '../../support/published-key.ts';

const account = { partition: 'aws', region: 'eu-west-2', accountId: '123456789012' };
const day = 24 * 60 * 60 * 1000;
const aSigns = { name: 'a', state: 'sign' } as const;
const bSigns = { name: 'b', state: 'sign' } as const;
const aPublished = { name: 'a', state: 'publish' } as const;
const bPublished = { name: 'b', state: 'publish' } as const;

let keys: KeyStore;
let served: readonly string[];
const jwks = await listenInternally((_, response) =>
  response.end(JSON.stringify({ keys: served.map((kid) => ({ kty: 'RSA', kid })) })),
);
afterAll(() => jwks.close());
const publicUrl = `${jwks.url}/auth`;

beforeEach(() => {
  keys = new KeyStore(account);
  served = [];
});

/** Deploys a key: makes the aliases that the stack makes, each with its age. */
async function deploy(name: string, ages: Partial<Record<RecordedFact, number>>, deployment = 'local') {
  const { id } = await keys.create('RSA_2048');
  for (const [fact, age] of Object.entries(ages)) {
    keys.addAlias(buildKeyRecordAlias(deployment, name, fact as RecordedFact), id, Date.now() - age);
  }
  if (ages.jwks !== undefined && deployment === 'local') served = [...served, id];
  return id;
}

/** Inspects the keys in the KMS of the test. */
async function inspect(
  signingKeys: readonly SigningKeyConfig[],
  emergency = false,
  publishedKeys: readonly PublishedKeyConfig[] = [],
) {
  const kms = await startEmbeddedKms(keys, () => {});
  const client = await createKmsClient(kms.url, account.region);
  const config = { name: 'local', signingKeys, publishedKeys };
  try {
    return await inspectKeys({ config, publicUrl, kms: client, now: Date.now(), emergency });
  } finally {
    client.destroy();
    await kms.close();
  }
}

/** Runs the command on the KMS of the test. */
async function run(signingKeys: readonly unknown[], ...options: readonly string[]) {
  const kms = await startEmbeddedKms(keys, () => {});
  const config = configFileWith({ publicUrl, signingKeys });
  const variables = { AWS_ENDPOINT_URL_KMS: kms.url };
  const result = await runCommandWith(variables, 'keys', '--config', config, ...options);
  await kms.close();
  return result;
}

describe('one-login keys', () => {
  it('shows the keys and the next steps, and exits with 0 if the key list can be deployed', async () => {
    const kid = await deploy('a', { sign: 90 * day, jwks: 91 * day });
    await deploy('b', { publish: day, jwks: day });
    await deploy('a', { retire: 0 }, 'local-other');

    const { code, out } = await run([aSigns, bPublished]);
    const json = await run([aSigns, bPublished], '--json');

    expect(out).toContain(`Signing keys of local, 2 of them in ${publicUrl}/.well-known/jwks.json`);
    expect(out).toMatch(new RegExp(`a +sign +90 days +91 days +0 min +Enabled +${kid}`));
    expect(out).toContain('sign with b (publish): yes');
    expect(out).toContain('matches what is deployed');
    expect(JSON.parse(json.out)).toMatchObject({ good: true, changes: [] });
    expect([code, json.code]).toEqual([0, 0]);
  });

  it('shows signing keys that an earlier deployment left in no stack', async () => {
    await deploy('a', { sign: 90 * day, jwks: 91 * day });
    const left = await keys.create('RSA_2048', buildSigningKeyDescription('local'));
    const deleted = await keys.create('RSA_2048', buildSigningKeyDescription('local'));
    deleted.state = 'PendingDeletion';
    const other = await keys.create('RSA_2048', buildSigningKeyDescription('local-other'));

    const { code, out } = await run([aSigns]);
    const json = await run([aSigns], '--json');

    expect(out).toContain(`Left by an earlier deployment, in no stack:\n  ${left.id}, Enabled, 0 min old`);
    expect(out).not.toContain(deleted.id);
    expect(out).not.toContain(other.id);
    expect(JSON.parse(json.out).left).toEqual([
      { keyId: left.id, createdAt: new Date(left.createdAt).toISOString(), keyState: 'Enabled' },
    ]);
    expect(code).toBe(0);
  });

  it('shows the rest when the credentials may not list keys', async () => {
    await deploy('a', { sign: 90 * day, jwks: 91 * day });
    const kms = await startEmbeddedKms(
      keys,
      () => {},
      ({ action }) => (action === 'ListKeys' ? 'not allowed' : undefined),
    );
    const config = configFileWith({ publicUrl, signingKeys: [aSigns] });
    const { code, out } = await runCommandWith({ AWS_ENDPOINT_URL_KMS: kms.url }, 'keys', '--config', config);
    await kms.close();

    expect(out).toContain('could not be listed: that needs kms:ListKeys and kms:DescribeKey');
    expect(code).toBe(0);
  });

  it('shows the key list after a step of --next, and exits with 1 if the step is too early', async () => {
    await deploy('a', { sign: 90 * day, jwks: 91 * day });
    await deploy('b', { publish: day / 2, jwks: day / 2 });

    const { code, out } = await run([aSigns, bPublished], '--next', 'sign:b');
    const bad = await run([aSigns], '--next', 'retire:a');

    expect(out).toContain('"signingKeys": [{"name":"a","state":"publish"},{"name":"b","state":"sign"}]');
    expect(out).toMatch(/sign with b \(publish\): too early, not before .*Z \(in (11|12) h\)/);
    expect(out).toContain('Do not deploy this now.');
    expect(bad.err).toContain('exactly one key must have the state sign; none has');
    expect([code, bad.code]).toEqual([1, 2]);
  });
});

describe('inspectKeys', () => {
  it('refuses a key list that is too early, except in an emergency', async () => {
    await deploy('a', { sign: 90 * day, jwks: 91 * day });
    await deploy('b', { publish: day / 2, jwks: day / 2 });
    const report = await inspect([aPublished, bSigns]);

    expect(JSON.parse(formatKeysAsJson(report))).toMatchObject({
      good: false,
      at: expect.stringMatching(/Z$/),
      keys: [
        { name: 'a', since: expect.stringMatching(/Z$/), inJwksSince: expect.stringMatching(/Z$/) },
        { name: 'b' },
      ],
      changes: [
        { key: 'a', from: 'sign', to: 'publish', verdict: 'allowed', why: expect.any(String) },
        {
          key: 'b',
          from: 'publish',
          to: 'sign',
          verdict: 'too-early',
          notBefore: expect.stringMatching(/Z$/),
        },
      ],
    });
    const urgent = await inspect([aPublished, bSigns], true);
    expect(formatKeysAsText(urgent, 'the config')).toContain('You can deploy this now.');
  });

  it('reports a key that KMS has disabled, one that is not served, and one that is not deployed', async () => {
    const kid = await deploy('a', { sign: 90 * day, jwks: 91 * day });
    keys.find(kid).state = 'Disabled';
    await deploy('b', { publish: 2 * day, jwks: 2 * day });
    served = [kid, 'stranger'];
    const report = await inspect([aSigns, bPublished]);
    const text = formatKeysAsText(report, 'the config');

    expect(text).toContain('the key a is Disabled in KMS: it cannot sign');
    expect(text).toContain('the key b is missing from');
    expect(text).toContain('has a key that is not deployed: stranger');
    expect(isDeployable(report)).toBe(false);
  });

  it('shows since when the keys of other systems are in the JWKS, and what the config changes in them', async () => {
    const own = await deploy('a', { sign: 90 * day, jwks: 91 * day });
    keys.addAlias(buildOtherKeyAlias('local', 'kept'), own, Date.now() - 3 * day);
    keys.addAlias(buildOtherKeyAlias('local', 'leaves'), own, Date.now() - 4 * day);
    served = [own, 'kept', 'leaves'];
    const jwk = (kid: string) => makePublishedKey({ kid }).jwk;
    const report = await inspect([aSigns], false, [jwk('kept'), jwk('comes')]);
    const text = formatKeysAsText(report, 'the config');

    expect(text).toContain(
      'Keys of other systems:\n  kept, in JWKS for 3 days\n  comes, not deployed\n  leaves, in JWKS for 4 days',
    );
    expect(text).toContain('publish comes (new): yes; One Login reads the key of the other system');
    expect(text).toMatch(
      /remove leaves \(publish\): yes; if the other system signs nothing any more; .* 24 hours/,
    );
    expect([report.problems, isDeployable(report)]).toEqual([[], true]);
    expect(JSON.parse(formatKeysAsJson(report))).toMatchObject({
      otherKeys: [
        { kid: 'kept', wanted: true, inJwksSince: expect.stringMatching(/Z$/) },
        { kid: 'comes', wanted: true },
        { kid: 'leaves', wanted: false },
      ],
      changes: [
        { key: 'comes', to: 'publish' },
        { key: 'leaves', to: 'remove' },
      ],
    });
  });

  it('reports a key of another system that is deployed and not served', async () => {
    const own = await deploy('a', { sign: 90 * day, jwks: 91 * day });
    keys.addAlias(buildOtherKeyAlias('local', 'old'), own, Date.now());
    keys.addAlias(buildOtherKeyAlias('other-deployment', 'theirs'), own, Date.now());
    served = [own, 'theirs'];
    const { problems } = await inspect([aSigns], false, [makePublishedKey({ kid: 'old' }).jwk]);

    expect(problems).toEqual([
      expect.stringContaining('the key old of another system is missing from'),
      expect.stringContaining('has a key that is not deployed: theirs'),
    ]);
  });

  it('lets a new key be published and sign in an emergency if the old one is disabled', async () => {
    keys.find(await deploy('a', { sign: 90 * day, jwks: 91 * day })).state = 'Disabled';
    const publishing = await inspect([aSigns, bPublished], true);
    await deploy('b', { publish: 0, jwks: 0 });
    const switching = await inspect([{ name: 'a', state: 'retire' }, bSigns], true);

    expect(publishing.problems).toEqual(['the key a is Disabled in KMS: it cannot sign']);
    expect([publishing, switching].map(isDeployable)).toEqual([true, true]);
  });

  it('throws if the JWKS has keys and KMS has none of the deployment', async () => {
    served = ['somewhere-else'];

    await expect(inspect([aSigns])).rejects.toThrow(
      'KMS has none of the deployment local: are the credentials for the account',
    );
  });

  it('throws while a deployment is under way', async () => {
    await deploy('a', { sign: 90 * day, publish: 0, jwks: 91 * day });

    await expect(inspect([aSigns])).rejects.toThrow(
      'the key a is between two states: a deployment of local is under way',
    );
  });
});
