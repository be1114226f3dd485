// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a template of Fn::Sub looks like this
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AwsCall } from '../../local/aws/aws-call.ts';
import { startLocalAws } from '../../local/aws/local-aws.ts';
import { Cleanup } from '../../local/cleanup.ts';
import { type RunningStack, startStack } from '../../local/stack.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { createStackIdentity } from '../../local/template/stack-identity.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { writeAssembly } from './support/write-assembly.ts';

/** Signs nothing, but says who calls, as the SDK would. */
const call = `
  const call = (endpoint, service, target, input) => fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20260101T000000Z',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/' + process.env.AWS_REGION + '/' + service + '/aws4_request, SignedHeaders=host, Signature=x',
    },
    body: JSON.stringify(input),
  }).then((response) => response.json());`;

const assets = {
  api: `${call}
    export const run = async (event) => {
      console.log(JSON.stringify({ level: 'info', path: event.path }));
      const item = await call(process.env.AWS_ENDPOINT_URL_DYNAMODB, 'dynamodb', 'DynamoDB_20120810.GetItem', {
        TableName: process.env.TABLE, Key: { id: { S: 'x' } },
      });
      const other = await call(process.env.AWS_ENDPOINT_URL, 'sns', 'SNS.Publish', {});
      return { statusCode: 200, body: JSON.stringify({ item, other, environment: process.env }) };
    };`,
  publish: `${call}
    export const handler = async (event) => {
      const { KeyId } = event.ResourceProperties;
      const { PublicKey } = await call(process.env.AWS_ENDPOINT_URL_KMS, 'kms', 'TrentService.GetPublicKey', { KeyId });
      await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({
        Status: 'SUCCESS', PhysicalResourceId: KeyId, Data: { length: PublicKey.length },
      }) });
    };`,
};

const lambda = (asset: string, Handler: string, Variables = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::AccountId}' }, S3Key: `${asset}.zip` },
    Handler,
    Runtime: 'nodejs24.x',
    MemorySize: 512,
    Timeout: 10,
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Environment: { Variables },
  },
});

const template = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          {
            PolicyName: 'permissions',
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
                  Resource: { 'Fn::GetAtt': ['Table', 'Arn'] },
                },
                { Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: { 'Fn::GetAtt': ['Key', 'Arn'] } },
                { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' },
              ],
            },
          },
        ],
      },
    },
    Api: lambda('api', 'index.run', {
      TABLE: { Ref: 'Table' },
      PUBLISHED: { 'Fn::GetAtt': ['Published', 'length'] },
    }),
    Publish: lambda('publish', 'index.handler'),
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    },
    Published: {
      Type: 'Custom::PublishedKey',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Publish', 'Arn'] }, KeyId: { Ref: 'Key' } },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    RestApi: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
    Stage: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: { Ref: 'RestApi' }, StageName: 'live' },
    },
  },
};

const directory = await temporaryDirectory();
const cleanup = new Cleanup();
const calls: AwsCall[] = [];
const lines: [string, string][] = [];
let stack: RunningStack;

beforeAll(async () => {
  await writeAssembly(directory, template, assets);
  const assembly = await readAssembly(directory);
  const identity = createStackIdentity(assembly.stackName, assembly.region);
  const aws = await startLocalAws({ stack: identity, onCall: (made) => calls.push(made), cleanup });
  stack = await startStack({
    template: assembly.template,
    assetPath: assembly.assetPath,
    stack: identity,
    aws,
    sharedAccessKey: false,
    onLine: (logicalId, line) => lines.push([logicalId, line]),
    cleanup,
  });
});

afterAll(() => cleanup.run());

describe('a stack on this machine', () => {
  test('runs its functions with the environment that Lambda and the template give, and nothing of ours', async () => {
    const result = await stack.functions.find('Api')?.invoke({ path: '/x' });
    const { environment } = JSON.parse(Object(result).payload.body);
    expect(environment).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_LAMBDA_FUNCTION_NAME: expect.stringMatching(/^test-stack-Api-[0-9a-f]{12}$/),
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_ACCESS_KEY_ID: 'Api',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      _HANDLER: 'index.run',
      TABLE: expect.stringMatching(/^test-stack-Table-/),
      PUBLISHED: expect.stringMatching(/^\d+$/),
    });
    expect(environment).not.toHaveProperty('PATH');
    for (const [name, value] of Object.entries(environment)) {
      if (name.startsWith('AWS_ENDPOINT_URL')) expect(value).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
  });

  test('shows who called which service, also one that is not there', async () => {
    calls.length = 0;
    const result = await stack.functions.find('Api')?.invoke({ path: '/x' });
    expect(calls.map(({ caller, service, action }) => [caller, service, action])).toEqual([
      ['Api', 'dynamodb', 'GetItem'],
      ['Api', 'sns', 'Publish'],
    ]);
    expect(JSON.parse(Object(result).payload.body)).toMatchObject({
      item: {},
      other: { __type: 'UnknownOperationException', message: 'the local environment has no sns' },
    });
  });

  test('captures what its functions write', async () => {
    lines.length = 0;
    await stack.functions.find('Api')?.invoke({ path: '/written' });
    expect(lines).toEqual([['Api', '{"level":"info","path":"/written"}']]);
  });

  test('finds a function by logical id, name and ARN', () => {
    const found = stack.functions.find('Publish');
    expect(found?.logicalId).toBe('Publish');
    for (const reference of [found?.identity.functionName, found?.identity.invokedFunctionArn]) {
      expect(stack.functions.find(String(reference))).toBe(found);
    }
    expect(stack.functions.find(`${found?.identity.invokedFunctionArn}:live`)).toBe(found);
    expect(stack.functions.find('Other')).toBeUndefined();
  });
});

describe('a function of the template', () => {
  const start = async (properties: Record<string, unknown>) => {
    const own = new Cleanup();
    const assembly = await readAssembly(directory);
    const identity = createStackIdentity('other');
    const aws = await startLocalAws({ stack: identity, onCall: () => {}, cleanup: own });
    const F = lambda('api', 'index.run');
    const Resources = {
      Role: { Type: 'AWS::IAM::Role', Properties: {} },
      F: { ...F, Properties: { ...F.Properties, ...properties } },
    };
    try {
      await startStack({
        template: JSON.parse(JSON.stringify({ Resources })),
        assetPath: assembly.assetPath,
        stack: identity,
        aws,
        sharedAccessKey: false,
        onLine: () => {},
        cleanup: own,
      });
    } finally {
      await own.run();
    }
  };

  test.each([
    ['another runtime', { Runtime: 'nodejs22.x' }, 'property Runtime: "nodejs22.x" is none of nodejs24.x'],
    [
      'code that is no asset',
      { Code: { S3Bucket: 'b', S3Key: 'gone.zip' } },
      'Code.S3Key: gone.zip is no asset',
    ],
    ['inline code', { Code: { ZipFile: '' } }, 'property Code.S3Key: is required'],
    ['a handler without a file', { Handler: 'main.run' }, 'Handler: main.run: the bundle has no such file'],
    [
      'a network of its own',
      { VpcConfig: {} },
      'property VpcConfig: the local environment does not understand it',
    ],
    ['layers', { Layers: ['arn'] }, 'property Layers'],
  ])('with %s ends the start', async (_name, properties, problem) => {
    await expect(start(properties)).rejects.toThrow(problem);
  });
});
