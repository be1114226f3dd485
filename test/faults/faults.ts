/** What may go wrong with a call, as it is on the wire. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { WireAnswer } from './database.ts';

export const faultNames = [
  'refuses',
  'resets',
  'hangs',
  'drips',
  'slow',
  '500',
  '502 text',
  '429',
  'throttled',
  'access denied',
  'truncated',
  'wrong type',
  'huge',
  '101',
  'answer lost',
  'answer lost once',
] as const;
export type FaultName = (typeof faultNames)[number];

export type ServiceName = 'DynamoDB' | 'KMS' | 'One Login';

/** A call as a fault meets it. */
export interface FaultyCall {
  readonly service: ServiceName;
  /** Such as `PutItem`, or the endpoint of One Login. */
  readonly action: string;
  /** The try that this is of the call: the clients of AWS repeat what failed. */
  readonly attempt: number;
  /** The response of the service. A call that never gets so far has no effect. */
  readonly answer: () => Promise<WireAnswer>;
  readonly response: ServerResponse;
  /** Settled when the handler has responded: what has hung until now goes on. */
  readonly released: Promise<void>;
}

type Fault = (call: FaultyCall) => void | Promise<void>;

/** The faults that make the caller wait. Any number of them can run at once. */
export const waitingFaults: ReadonlySet<FaultName> = new Set(['hangs', 'drips', 'slow', '101']);

const drip = 1_000;
const slowness = 500;
/** After which the server has seen that a client has gone. */
const settlingTime = 20;

/** Longer than any response that the adapters accept from One Login. */
const hugeSize = 1_000_000;

export const faults: Readonly<Record<FaultName, Fault>> = {
  // The client never gets so far, see `call-log.ts`.
  refuses: ({ response }) => reset(response),
  resets: ({ response }) => reset(response),
  hangs: async (call) => {
    await call.released;
    await setTimeout(settlingTime);
    // The caller has gone, unless it did not give the call up.
    if (isOpen(call.response)) send(call.response, await call.answer());
  },
  drips: async (call) => {
    const answer = await call.answer();
    const padding = ' '.repeat(10_000);
    const { response, released } = call;
    const length = String(Buffer.byteLength(answer.body) + padding.length);
    response.writeHead(answer.status, { ...headersFor(answer), 'content-length': length });
    let sent = 0;
    let dripping = true;
    released.then(() => {
      dripping = false;
    });
    while (dripping && isOpen(response)) {
      response.write(' ');
      sent += 1;
      await Promise.race([released, setTimeout(drip, undefined, { ref: false })]);
    }
    if (isOpen(response)) response.end(padding.slice(sent) + answer.body);
  },
  slow: async (call) => {
    await setTimeout(slowness);
    send(call.response, await call.answer());
  },
  '500': ({ service, response }) =>
    service === 'One Login'
      ? send(response, json(500, { message: 'Internal server error' }))
      : send(response, awsError(500, service === 'KMS' ? 'KMSInternalException' : 'InternalServerError')),
  '502 text': ({ response }) => send(response, text(502, 'Bad Gateway')),
  '429': ({ response }) => send(response, text(429, 'Too Many Requests')),
  throttled: ({ service, response }) =>
    send(
      response,
      awsError(400, service === 'KMS' ? 'ThrottlingException' : 'ProvisionedThroughputExceededException'),
    ),
  'access denied': ({ service, response }) =>
    service === 'One Login'
      ? send(response, { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>Forbidden</h1>' })
      : send(response, awsError(400, 'AccessDeniedException')),
  truncated: async ({ answer, response }) => {
    const whole = await answer();
    response.writeHead(whole.status, {
      ...headersFor(whole),
      'content-length': String(Buffer.byteLength(whole.body)),
    });
    response.write(whole.body.slice(0, whole.body.length / 2), () => response.socket?.destroy());
  },
  'wrong type': async ({ action, answer, response }) => {
    await answer();
    send(response, json(200, wrongTypes[action] ?? []));
  },
  huge: async ({ answer, response }) => {
    const whole = await answer();
    send(response, { ...whole, body: ' '.repeat(hugeSize) + whole.body });
  },
  '101': async ({ response, released }) => {
    response.socket?.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n');
    await released;
    reset(response);
  },
  'answer lost': async ({ answer, response }) => {
    await answer();
    reset(response);
  },
  'answer lost once': async ({ answer, attempt, response }) => {
    const whole = await answer();
    if (attempt === 1) reset(response);
    else send(response, whole);
  },
};

/** JSON that is no error, and not the response to the request. A caller that expects nothing in return gets a list. */
const wrongTypes: Readonly<Record<string, unknown>> = {
  GetItem: { Item: 'an item' },
  BatchGetItem: { Responses: 'responses' },
  Query: {},
  UpdateItem: { Attributes: 'attributes' },
  Sign: { Signature: 5 },
};

/** Whether a service can have a fault. One Login limits by 429, and no call to it is repeated. */
export function applies(fault: FaultName, service: ServiceName): boolean {
  return service !== 'One Login' || (fault !== 'throttled' && fault !== 'answer lost once');
}

export function send(response: ServerResponse, answer: WireAnswer): void {
  response.writeHead(answer.status, headersFor(answer)).end(answer.body);
}

/** Leaves out headers that a changed body would contradict. */
function headersFor({ headers }: WireAnswer): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !['content-length', 'x-amz-crc32'].includes(name));
  return Object.fromEntries(kept);
}

function isOpen({ socket, writableEnded }: ServerResponse): boolean {
  return socket !== null && !socket.destroyed && !writableEnded;
}

function reset(response: ServerResponse): void {
  const socket: Socket | null = response.socket;
  socket?.resetAndDestroy();
}

function json(status: number, value: unknown): WireAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function text(status: number, body: string): WireAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function awsError(status: number, type: string): WireAnswer {
  return json(status, { __type: type, message: `${type}, as the matrix sets it` });
}
