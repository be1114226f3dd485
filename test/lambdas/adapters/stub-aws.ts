import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request as a client sent it. */
export interface AwsRequest {
  /** Such as `BatchWriteItem`. */
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

/**
 * `silence` never responds, `drip` sends endless headers byte by byte, `drip_body` an endless body, `half_a_body` stops
 * in the middle, `switch_protocols` returns 101, `hang_up` closes the connection.
 */
export type AwsAnswer = { readonly status: number; readonly body: unknown } | AwsFailure;
export type AwsFailure = 'silence' | 'drip' | 'drip_body' | 'half_a_body' | 'switch_protocols' | 'hang_up';

/** A server in place of DynamoDB and KMS. */
export interface StubAws {
  /** Region, credentials and endpoint for a client of the SDK. */
  readonly clientOptions: {
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly endpoint: string;
  };
  /** The same as environment variables, for a client of the functions. */
  readonly environment: NodeJS.ProcessEnv;
  readonly requests: readonly AwsRequest[];
  stop(): Promise<void>;
}

/** @param answer gets the request and how many there have been, this one included */
export async function startStubAws(
  answer: (request: AwsRequest, count: number) => AwsAnswer,
): Promise<StubAws> {
  const requests: AwsRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await readAwsRequest(incoming);
    requests.push(request);
    const given = answer(request, requests.length);
    if (given === 'silence') return;
    if (given === 'switch_protocols') {
      incoming.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      return;
    }
    if (given === 'drip' || given === 'drip_body') {
      const timer = setInterval(() => incoming.socket.write('x'), 20);
      incoming.socket.write(
        given === 'drip' ? 'HTTP/1.1 200 OK\r\nx: ' : 'HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n',
      );
      incoming.socket.once('close', () => clearInterval(timer));
      return;
    }
    if (given === 'hang_up') {
      incoming.socket.destroy();
      return;
    }
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (given === 'half_a_body') {
      response.write('{"Item":');
      return;
    }
    response.statusCode = given.status;
    response.end(JSON.stringify(given.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    clientOptions: {
      region: 'eu-west-2',
      credentials: { accessKeyId: 'stub', secretAccessKey: 'stub' },
      endpoint,
    },
    environment: {
      AWS_REGION: 'eu-west-2',
      AWS_ACCESS_KEY_ID: 'stub',
      AWS_SECRET_ACCESS_KEY: 'stub',
      AWS_ENDPOINT_URL: endpoint,
    },
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readAwsRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const { headers } = incoming;
  const operation = String(headers['x-amz-target']).split('.')[1] ?? '';
  return { operation, input: JSON.parse(await text(incoming)), headers };
}
