import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Bundle, bundle } from '../../../dev/bundling/bundle-functions.ts';
import { type StubProvider, startStubProvider } from '../../lambdas/adapters/http/stub-provider.ts';
import { type StubAws, startStubAws } from '../../lambdas/adapters/stub-aws.ts';

const directory = mkdtempSync(join(tmpdir(), 'bundled-clients-'));
let example: Bundle | undefined;
beforeAll(() => {
  [example] = bundle(new Map([['example', 'test/dev/bundling/example-function.ts']]), directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

let dynamoDb: StubAws;
let kms: StubAws;
let provider: StubProvider;
beforeEach(async () => {
  dynamoDb = await startStubAws(() => ({ status: 200, body: { Item: { idle_expires_at: { N: '12' } } } }));
  kms = await startStubAws(() => ({ status: 200, body: { Signature: 'AAEC/w==' } }));
  provider = await startStubProvider((response) => response.end('{"keys":[]}'));
});
afterEach(() => Promise.all([dynamoDb.stop(), kms.stop(), provider.stop()]));

const script = `
  const [, file, event] = process.argv;
  import(file)
    .then(({ handler }) => handler(JSON.parse(event)))
    .then((result) => process.stdout.write(JSON.stringify(result)), (error) => process.stdout.write(String(error.cause ?? error)));
`;

/** Runs the bundle in a new process with only this environment. */
async function invoke(environment: Record<string, string>): Promise<string> {
  const event = JSON.stringify({ providerUrl: provider.origin });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--eval', script, example?.file ?? '', event],
    {
      env: environment,
    },
  );
  return stdout;
}

function completeEnvironment(): Record<string, string> {
  return {
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'the-access-key',
    AWS_SECRET_ACCESS_KEY: 'the-secret',
    AWS_SESSION_TOKEN: 'the-session-token',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.clientOptions.endpoint,
    AWS_ENDPOINT_URL_KMS: kms.clientOptions.endpoint,
  };
}

describe('a bundled client', () => {
  it('calls DynamoDB, KMS and One Login and reads their responses', async () => {
    expect(JSON.parse(await invoke(completeEnvironment()))).toEqual({
      item: { idle_expires_at: { N: '12' } },
      signature: [0, 1, 2, 255],
      body: '{"keys":[]}',
    });
  });

  it("signs with the function's credentials and session token", async () => {
    await invoke(completeEnvironment());
    for (const { requests } of [dynamoDb, kms]) {
      expect(requests).toMatchObject([
        {
          headers: {
            authorization: expect.stringMatching(
              /^AWS4-HMAC-SHA256 Credential=the-access-key\/\d+\/eu-west-2\//,
            ),
            'x-amz-security-token': 'the-session-token',
          },
        },
      ]);
    }
  });

  it('uses AWS_ENDPOINT_URL for all of AWS', async () => {
    const {
      AWS_ENDPOINT_URL_DYNAMODB: _dynamoDb,
      AWS_ENDPOINT_URL_KMS: _kms,
      ...environment
    } = completeEnvironment();
    await invoke({ ...environment, AWS_ENDPOINT_URL: dynamoDb.clientOptions.endpoint });
    expect(dynamoDb.requests.map(({ operation }) => operation)).toEqual(['GetItem', 'Sign']);
    expect(kms.requests).toEqual([]);
  });

  it('names the missing variables if there are no credentials', async () => {
    const { AWS_SECRET_ACCESS_KEY: _secret, ...environment } = completeEnvironment();
    expect(await invoke(environment)).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
    expect(dynamoDb.requests).toEqual([]);
  });
});
