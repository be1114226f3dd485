import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inspectKeys, isGood } from '../../../bin/keys/inspect-keys.ts';
import { createKmsClient } from '../../../local/aws/clients.ts';
import { type LocalEnvironment, startLocalEnvironment } from '../../../local/environment.ts';
import { loadLocalConfig } from '../../../local/local-config.ts';

let environment: LocalEnvironment;

beforeAll(async () => {
  environment = await startLocalEnvironment();
}, 60_000);

afterAll(() => environment.close());

test('what the stack records of its keys is what npm run keys reads', async () => {
  const kms = await createKmsClient(environment.kms.url, 'eu-west-2');
  const { publicUrl } = environment;
  const now = Date.now();
  const report = await inspectKeys({ config: loadLocalConfig(), publicUrl, kms, now, emergency: false });
  kms.destroy();

  const kid = environment.kms.keys.find('alias/one-login/local/first').id;
  expect(report.keys).toMatchObject([{ name: 'first', state: 'sign', keyState: 'Enabled', keyId: kid }]);
  expect(report.jwks).toMatchObject({ kind: 'read', kids: [kid] });
  expect(report.changes).toEqual([]);
  expect(isGood(report)).toBe(true);
});
