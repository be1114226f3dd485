import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import {
  type CustomResourceResult,
  handleCustomResource,
} from '../../../lambdas/custom-resource/handle-custom-resource.ts';
import { respondToCloudFormation } from '../../../lambdas/custom-resource/respond-to-cloudformation.ts';
import { retryWhileAccessDenied } from '../../../lambdas/custom-resource/retry-while-access-denied.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

describe('handling a custom resource', () => {
  test('tells CloudFormation of success, with the data that the template reads', async () => {
    const cloudFormation = await startCloudFormation();

    await handleCustomResource(createEvent(cloudFormation.url), async () => ({
      physicalResourceId: 'thing',
      data: { n: 'abc' },
    }));

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

  test('answers FAILED with the reason, so that the deployment need not wait', async () => {
    const cloudFormation = await startCloudFormation();

    await handleCustomResource(createEvent(cloudFormation.url), () =>
      Promise.reject(new Error('no such key')),
    );

    expect(cloudFormation.requests[0]?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'no such key',
      PhysicalResourceId: 'Thing-not-created',
    });
  });

  test('keeps the id of a resource whose update fails, since another one would delete it', async () => {
    const cloudFormation = await startCloudFormation();
    const update: CloudFormationCustomResourceEvent = {
      ...createEvent(cloudFormation.url),
      RequestType: 'Update',
      PhysicalResourceId: 'thing',
      OldResourceProperties: { ServiceToken: 'arn' },
    };

    await handleCustomResource(update, () => Promise.reject(new Error('no')));

    expect(cloudFormation.requests[0]?.body).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'thing' });
  });

  test('shortens a reason that would make the answer too long for CloudFormation', async () => {
    const cloudFormation = await startCloudFormation();

    await handleCustomResource(createEvent(cloudFormation.url), () =>
      Promise.reject(new Error('x'.repeat(10_000))),
    );

    expect(cloudFormation.requests[0]?.body['Reason']).toBe('x'.repeat(1000));
  });
});

describe('delivering the answer', () => {
  const outcome = { status: 'SUCCESS', physicalResourceId: 'thing' } as const;

  test('tries again when it is not accepted', async () => {
    const cloudFormation = await startCloudFormation([503, 500, 200]);
    const waited: number[] = [];

    await respondToCloudFormation(createEvent(cloudFormation.url), outcome, {
      wait: async (milliseconds) => {
        waited.push(milliseconds);
      },
    });

    expect(cloudFormation.requests).toHaveLength(3);
    expect(waited).toEqual([500, 2000]);
  });

  test('gives up after three tries, without giving away the address', async () => {
    const cloudFormation = await startCloudFormation([403, 403, 403]);

    const delivery = respondToCloudFormation(createEvent(cloudFormation.url), outcome, {
      wait: async () => {},
    });

    await expect(delivery).rejects.toThrow(
      /^the response to CloudFormation could not be put to localhost:\d+: status 403$/,
    );
    expect(cloudFormation.requests).toHaveLength(3);
  });

  test('does not wait for ever for a server that never answers', async () => {
    const cloudFormation = await startCloudFormation([], () => {});

    const delivery = respondToCloudFormation(createEvent(cloudFormation.url), outcome, {
      timeout: 50,
      pauses: [],
    });

    await expect(delivery).rejects.toThrow('could not be put to localhost');
  });

  test.each(['http://cloudformation.example/answer', 'ftp://localhost/answer'])(
    'never goes to %s',
    async (address) => {
      const delivery = respondToCloudFormation(createEvent(address), outcome, { pauses: [] });

      await expect(delivery).rejects.toThrow('must go over https');
    },
  );
});

describe('waiting for a permission', () => {
  test('sees the refusal in the cause of an error of our own', async () => {
    const refusal = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    let calls = 0;
    const result = await retryWhileAccessDenied(
      async (): Promise<CustomResourceResult> => {
        calls += 1;
        if (calls === 1) throw new Error('the table could not be read', { cause: refusal });
        return { physicalResourceId: 'thing' };
      },
      { now: () => 0, wait: async () => {} },
    );

    expect(result).toEqual({ physicalResourceId: 'thing' });
  });
});

interface ReceivedAnswer {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Plays the address that CloudFormation wants answers at. */
async function startCloudFormation(
  statuses: readonly number[] = [],
  answer = (response: ServerResponse, status: number) => {
    response.writeHead(status).end();
  },
): Promise<{ url: string; requests: readonly ReceivedAnswer[] }> {
  const requests: ReceivedAnswer[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await request.toArray()).join('');
    const status = statuses[requests.length] ?? 200;
    requests.push({
      method: request.method,
      path: request.url,
      contentType: request.headers['content-type'],
      body: JSON.parse(body),
    });
    answer(response, status);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/answer?Signature=secret`, requests };
}

function createEvent(url: string): CloudFormationCustomResourceEvent {
  return {
    RequestType: 'Create',
    ServiceToken: 'arn',
    ResponseURL: url,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Thing',
    ResourceType: 'Custom::Thing',
    ResourceProperties: { ServiceToken: 'arn' },
  };
}
