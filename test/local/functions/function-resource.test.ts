import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { AwsCall } from '../../../local/aws/aws-call.ts';
import { startUnknownServices } from '../../../local/aws/aws-endpoint.ts';
import { FunctionRegistry } from '../../../local/functions/function-registry.ts';
import { functionResourceHandlers } from '../../../local/functions/function-resource.ts';
import { AccessControl } from '../../../local/iam/access-control.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Writes a line and calls a service that the local environment does not have, as the SDK does. */
const source = `
  export const run = async (event) => {
    console.log('called');
    const credential = process.env.AWS_ACCESS_KEY_ID + '/20260101/' + process.env.AWS_REGION + '/sns/aws4_request';
    const response = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: 'POST',
      headers: { 'x-amz-target': 'SNS.Publish', authorization: 'AWS4-HMAC-SHA256 Credential=' + credential + ', Signature=x' },
      body: '{}',
    });
    return { environment: process.env, answer: await response.json() };
  };`;
const directory = path.join(await temporaryDirectory(), 'asset');
await mkdir(directory);
await writeFile(path.join(directory, 'index.mjs'), source);
/** Waits until as many threads have an event as there should be. */
const busySource = `
  import { mkdirSync, readdirSync } from 'node:fs';
  import { threadId } from 'node:worker_threads';
  export const run = async ({ directory, threads }) => {
    mkdirSync(directory + '/' + threadId, { recursive: true });
    while (readdirSync(directory).length < threads) await new Promise((resolve) => setImmediate(resolve));
    return threadId;
  };`;
await writeFile(path.join(directory, 'busy.mjs'), busySource);

const functions = new FunctionRegistry();
afterEach(() => functions.close());

const calls: AwsCall[] = [];
const lines: string[] = [];

async function create(changes = {}) {
  const stack = createStackIdentity('stack', 'eu-west-1');
  const access = new AccessControl(stack, { findTable: () => undefined, findKeyArn: () => undefined });
  const Properties = {
    Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
    Handler: 'index.run',
    Runtime: 'nodejs24.x',
    MemorySize: 512,
    Timeout: 10,
    Role: 'arn:aws:iam::123456789012:role/r',
    LoggingConfig: { LogGroup: 'group' },
    Environment: { Variables: { TABLE: 'table-1' } },
    ...changes,
  };
  const others = await startUnknownServices((call) => calls.push(call));
  const endpoints = { dynamodb: 'http://127.0.0.1:1', kms: 'http://127.0.0.1:2', others: others.url };
  await createStack({
    template: { Resources: { F: { Type: 'AWS::Lambda::Function', Properties } } },
    stack,
    handlers: functionResourceHandlers({
      registry: functions,
      endpoints,
      access,
      assetPath: (key) => (key === 'code.zip' ? directory : undefined),
      onLine: (logicalId, line) => lines.push(`${logicalId} ${line}`),
    }),
  }).catch(async (error: unknown) => {
    await others.close();
    throw error;
  });
  const result = await functions.find('F')?.invoke({});
  await others.close();
  return Object(result).payload;
}

describe('a function of the template', () => {
  test('has the environment of Lambda and of the template, and calls no service outside this machine', async () => {
    const { environment, answer } = await create();
    expect(environment).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: expect.stringMatching(/^stack-F-[0-9a-f]{12}$/),
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: 'group',
      AWS_ACCESS_KEY_ID: 'F',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:2',
      _HANDLER: 'index.run',
      TABLE: 'table-1',
    });
    expect(environment).not.toHaveProperty('PATH');
    const message = 'the local environment has no sns';
    expect(answer).toEqual({ __type: 'UnknownOperationException', message });
    expect(calls).toEqual([{ service: 'sns', action: 'Publish', caller: 'F', input: {} }]);
    expect(lines).toEqual(['F called']);
  });

  test('is found by its logical id, name and ARN', async () => {
    await create();
    const found = functions.find('F');
    for (const reference of [found?.identity.functionName, found?.identity.invokedFunctionArn]) {
      expect(functions.find(String(reference))).toBe(found);
    }
    expect(functions.find('Other')).toBeUndefined();
  });

  test.each([
    [4, {}],
    [2, { ReservedConcurrentExecutions: 2 }],
    [4, { ReservedConcurrentExecutions: 100 }],
  ])(
    'handles %d events at once with the concurrency %j, and the others after them',
    async (threads, changes) => {
      await create({ Handler: 'busy.run', ...changes });
      const event = { directory: await mkdtemp(path.join(directory, 'threads-')), threads };
      const events = Array.from({ length: 20 }, () => functions.find('F')?.invoke(event));
      const threadIds = (await Promise.all(events)).map((result) => Object(result).payload);
      expect(threadIds.filter((threadId) => typeof threadId === 'number')).toHaveLength(20);
      expect(new Set(threadIds).size).toBe(threads);
    },
  );

  test.each([
    ['another runtime', { Runtime: 'nodejs22.x' }, 'property Runtime: "nodejs22.x" is none of nodejs24.x'],
    ['unknown code', { Code: { S3Bucket: 'b', S3Key: 'gone.zip' } }, 'Code.S3Key: gone.zip is not an asset'],
    ['inline code', { Code: { ZipFile: '' } }, 'property Code.S3Key: is required'],
    ['a handler without a file', { Handler: 'main.run' }, 'Handler: main.run: the bundle has no main.mjs'],
    ['a network', { VpcConfig: {} }, 'property VpcConfig: the local environment does not understand it'],
    ['layers', { Layers: ['arn'] }, 'property Layers: the local environment does not understand it'],
  ])('with %s ends the start', async (_name, changes, problem) => {
    await expect(create(changes)).rejects.toThrow(problem);
  });
});
