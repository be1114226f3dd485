import { createHash, createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { SignatureV4 } from '@smithy/signature-v4';
import { listenInternally } from '../../local/loopback-server.ts';

export const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
  sessionToken: 'the/session+token==',
};
export const region = 'eu-west-2';

/** What happens to a try of a request. `forward` has the service behind carry it out. */
export type Fault = (response: ServerResponse, forward: () => Promise<Answer>) => void | Promise<void>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Stands before an embedded service. Refuses what is not signed as AWS requires, and has a fault on demand. */
export interface AwsFront {
  readonly url: string;
  /** The actions that were signed and in time. */
  readonly actions: string[];
  /** What happens to the next tries, in turn. Later ones are forwarded. */
  faults: readonly Fault[];
  /** Milliseconds that the clock of the front is ahead. */
  clockAhead: number;
  close(): Promise<void>;
}

export async function startAwsFront(service: string, behind: string): Promise<AwsFront> {
  const signer = new SignatureV4({ credentials, region, service, sha256: NodeSha256, applyChecksum: false });
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(incoming);
    response.setHeader('date', new Date(Date.now() + front.clockAhead).toUTCString());
    const refusal = await findWrongSignature(signer, incoming, body, Date.now() + front.clockAhead);
    if (refusal !== undefined) return writeError(response, 400, 'InvalidSignatureException', refusal);
    front.actions.push(String(incoming.headers['x-amz-target']).split('.')[1] ?? '');
    const forward = () => send(behind, incoming.headers, body);
    const [fault, ...later] = front.faults;
    front.faults = later;
    if (fault !== undefined) return fault(response, forward);
    const answer = await forward();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = await listenInternally((incoming, response) => {
    Promise.resolve(serve(incoming, response)).catch(() => response.destroy());
  });
  const front: AwsFront = {
    url: server.url,
    actions: [],
    faults: [],
    clockAhead: 0,
    close: () => server.close(),
  };
  return front;
}

/** Responds with an error of AWS. */
export function writeError(response: ServerResponse, status: number, type: string, message = type): void {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ __type: `com.amazonaws.service#${type}`, message }));
}

/** Signs the request again, with the SDK's own signer. Returns what AWS would not accept of it. */
async function findWrongSignature(
  signer: SignatureV4,
  { headers, method = '' }: IncomingMessage,
  body: Buffer,
  now: number,
): Promise<string | undefined> {
  const date = String(headers['x-amz-date']);
  const signingDate = new Date(date.replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));
  if (!(Math.abs(signingDate.getTime() - now) < 5 * 60_000)) return `Signature expired: ${date}`;
  const names = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? [];
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
  const hostname = String(headers.host);
  const again = await signer.sign(
    { method, protocol: 'http:', hostname, path: '/', headers: signed, body },
    { signingDate },
  );
  return again.headers['authorization'] === headers.authorization
    ? undefined
    : `The request signature does not match.\n\nThe Canonical String should have been\n${JSON.stringify(headers)}`;
}

function send(url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) });
    });
    outgoing.on('error', reject).end(body);
  });
}

/** SHA-256 and HMAC in the form that the SDK's signer takes. */
export class NodeSha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', toBytes(secret));
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(toBytes(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('the signer does not need it');
  }
}

function toBytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  return Buffer.from(data as Uint8Array);
}
