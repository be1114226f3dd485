import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

type RequestType = CloudFormationCustomResourceEvent['RequestType'];

/** An event of CloudFormation about the resource `thing`, which does not have this id before it is created. */
export function createCustomResourceEvent(
  RequestType: RequestType,
  properties: Readonly<Record<string, unknown>> = {},
  ResponseURL = 'https://cloudformation.example/answer',
): CloudFormationCustomResourceEvent {
  return {
    RequestType,
    ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'thing' }),
    ResponseURL,
    ServiceToken: 'arn',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Thing',
    ResourceType: 'Custom::Thing',
    ResourceProperties: { ServiceToken: 'arn', ...properties },
  } as CloudFormationCustomResourceEvent;
}

interface ReceivedAnswer {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** CloudFormation, as far as it receives the responses of custom resources. */
export interface TestCloudFormation extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ReceivedAnswer[];
}

/** @param statuses of the first responses. Later ones have the status 200. */
export async function startCloudFormation(
  statuses: readonly number[] = [],
  answer = (response: ServerResponse, status: number) => {
    response.writeHead(status).end();
  },
): Promise<TestCloudFormation> {
  const requests: ReceivedAnswer[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const status = statuses[requests.length] ?? 200;
    const { method, url: path, headers } = request;
    requests.push({ method, path, contentType: headers['content-type'], body: JSON.parse(body) });
    answer(response, status);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/answer?Signature=secret`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function createAccessDenied(): Error {
  return Object.assign(new Error('not yet'), { name: 'AccessDeniedException' });
}
