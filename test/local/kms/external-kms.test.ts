import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AwsRequest, startAwsEndpoint, writeAwsJson } from '../../../local/aws/aws-endpoint.ts';
import { createKmsClient } from '../../../local/aws/clients.ts';
import { ExternalKms } from '../../../local/kms/external-kms.ts';

const calls: [action: string, input: unknown][] = [];
let keys = 0;

/** A KMS that creates keys and records every call. */
function answer({ call, response }: AwsRequest): void {
  calls.push([call.action, call.input]);
  if (call.action === 'CreateKey') keys += 1;
  const metadata = { KeyMetadata: { KeyId: `key-${keys}`, Arn: `arn:key-${keys}` } };
  writeAwsJson(response, 200, call.action === 'CreateKey' ? metadata : {});
}

const endpoint = await startAwsEndpoint({ onCall: () => {}, answer });
const client = await createKmsClient(endpoint.url, 'eu-west-2');

afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

beforeEach(() => {
  calls.length = 0;
  keys = 0;
});

describe('an external KMS', () => {
  test("creates the template's keys and aliases, and deletes them in the end", async () => {
    const kms = new ExternalKms(client);
    await expect(kms.create('RSA_2048', 'signs')).resolves.toEqual({ id: 'key-1', arn: 'arn:key-1' });
    await expect(kms.create('SYMMETRIC_DEFAULT', '')).resolves.toEqual({ id: 'key-2', arn: 'arn:key-2' });
    await kms.addAlias('alias/signer', 'key-1');
    expect(calls.splice(0)).toEqual([
      ['CreateKey', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', Description: 'signs' }],
      ['CreateKey', { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Description: '' }],
      ['CreateAlias', { AliasName: 'alias/signer', TargetKeyId: 'key-1' }],
    ]);
    await kms.deleteAll();
    expect(calls.sort()).toEqual([
      ['DeleteAlias', { AliasName: 'alias/signer' }],
      ['ScheduleKeyDeletion', { KeyId: 'key-1', PendingWindowInDays: 7 }],
      ['ScheduleKeyDeletion', { KeyId: 'key-2', PendingWindowInDays: 7 }],
    ]);
  });

  test('ends the start when it does not create a key', async () => {
    const end = endpoint.injectFault({
      error: { status: 400, type: 'UnsupportedOperationException', message: 'no' },
    });
    await expect(new ExternalKms(client).create('RSA_2048', '')).rejects.toThrow(
      'the KMS of AWS_ENDPOINT_URL_KMS did not create a key: UnsupportedOperationException no',
    );
    end();
  });
});
