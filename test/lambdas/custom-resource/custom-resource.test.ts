import { describe, expect, test } from '@jest/globals';
import {
  type CustomResourceResult,
  handleCustomResource,
} from '../../../lambdas/custom-resource/handle-custom-resource.ts';
import { respondToCloudFormation } from '../../../lambdas/custom-resource/respond-to-cloudformation.ts';
import { retryWhileAccessDenied } from '../../../lambdas/custom-resource/retry-while-access-denied.ts';
import {
  createAccessDenied,
  createCustomResourceEvent,
  startCloudFormation,
} from '../../support/custom-resources.ts';

describe('the handler of a custom resource', () => {
  test('reports success to CloudFormation, with the data that the template reads', async () => {
    await using cloudFormation = await startCloudFormation();
    const event = createCustomResourceEvent('Create', {}, cloudFormation.url);

    await handleCustomResource(event, async () => ({ physicalResourceId: 'thing', data: { n: 'abc' } }));

    expect(cloudFormation.requests).toEqual([
      {
        method: 'PUT',
        path: '/answer?Signature=secret',
        contentType: '',
        body: {
          Status: 'SUCCESS',
          PhysicalResourceId: 'thing',
          StackId: 'stack',
          RequestId: 'request',
          LogicalResourceId: 'Thing',
          Data: { n: 'abc' },
        },
      },
    ]);
  });

  test.each([
    ['Create', 'reports FAILED with the reason, so that the deployment need not wait', 'Thing-not-created'],
    ['Update', 'keeps the id when it fails, because CloudFormation would delete another one', 'thing'],
  ] as const)('at %s %s', async (type, _, PhysicalResourceId) => {
    await using cloudFormation = await startCloudFormation();
    const event = createCustomResourceEvent(type, {}, cloudFormation.url);

    await handleCustomResource(event, () => Promise.reject(new Error('no such key')));

    expect(cloudFormation.requests[0]?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'no such key',
      PhysicalResourceId,
    });
  });

  test('shortens a reason that would make the response too long for CloudFormation', async () => {
    await using cloudFormation = await startCloudFormation();
    const event = createCustomResourceEvent('Create', {}, cloudFormation.url);

    await handleCustomResource(event, () => Promise.reject(new Error('x'.repeat(10_000))));

    expect(cloudFormation.requests[0]?.body['Reason']).toBe('x'.repeat(1000));
  });
});

describe('a response to CloudFormation', () => {
  const respond = (url: string, options: Parameters<typeof respondToCloudFormation>[2]) =>
    respondToCloudFormation(
      createCustomResourceEvent('Create', {}, url),
      { status: 'SUCCESS', physicalResourceId: 'thing' },
      options,
    );

  test('is sent again when it is not accepted', async () => {
    await using cloudFormation = await startCloudFormation([503, 500, 200]);
    const waited: number[] = [];

    await respond(cloudFormation.url, {
      wait: async (milliseconds) => {
        waited.push(milliseconds);
      },
    });

    expect(cloudFormation.requests).toHaveLength(3);
    expect(waited).toEqual([500, 2000]);
  });

  test('is given up after three tries, without the address in the error', async () => {
    await using cloudFormation = await startCloudFormation([403, 403, 403]);

    await expect(respond(cloudFormation.url, { wait: async () => {} })).rejects.toThrow(
      /^the response to CloudFormation could not be put to localhost:\d+: status 403$/,
    );
    expect(cloudFormation.requests).toHaveLength(3);
  });

  test('is given up when the server never responds', async () => {
    await using cloudFormation = await startCloudFormation([], () => {});

    await expect(respond(cloudFormation.url, { timeout: 50, pauses: [] })).rejects.toThrow(
      'could not be put to localhost',
    );
  });

  test.each(['http://cloudformation.example/answer', 'ftp://localhost/answer'])(
    'is never sent to %s',
    async (address) => {
      await expect(respond(address, { pauses: [] })).rejects.toThrow('must go over https');
    },
  );
});

describe('retryWhileAccessDenied', () => {
  test.each([
    ['access is denied', createAccessDenied()],
    [
      'the role is too young to be known',
      Object.assign(new Error(), { name: 'UnrecognizedClientException' }),
    ],
  ])('repeats the work when %s, also as the cause of an error of ours', async (_, cause) => {
    let calls = 0;
    const result = await retryWhileAccessDenied(
      async (): Promise<CustomResourceResult> => {
        calls += 1;
        if (calls === 1) throw new Error('the table could not be read', { cause });
        return { physicalResourceId: 'thing' };
      },
      { now: () => 0, wait: async () => {} },
    );

    expect(result).toEqual({ physicalResourceId: 'thing' });
  });
});
