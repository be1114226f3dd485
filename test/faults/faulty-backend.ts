import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { exchange } from '../../lambdas/adapters/http/exchange.ts';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import type { SigningProvider } from '../support/signing-provider.ts';
import type { CallLog } from './call-log.ts';
import type { Database, WireAnswer } from './database.ts';
import { type FaultName, faults, type ServiceName, send } from './faults.ts';

/** Headers with the cell and the label of a call, and how often it was tried. */
export const cellHeader = 'x-faults-cell';
export const callHeader = 'x-faults-call';
const attemptHeader = 'x-faults-attempt';

/** A port on which nothing listens. */
export const closedPort = 1;

/** What stands behind the faulty server for one cell. */
export interface Behind {
  readonly database: Database;
  readonly provider: SigningProvider;
  readonly log: CallLog;
  /** What must be in no log, by what it is called. */
  readonly secrets: Map<string, string>;
  /** The one call that goes wrong, and how. */
  fault?: { readonly call: string; readonly name: FaultName } | undefined;
  /** Settled when the handler has responded. */
  released: Promise<void>;
}

/** The parts of a request that are read, over the network or not. */
type ReceivedRequest = Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'method' | 'url'>>;

/** The call of an AWS client that is being sent: its label, and how often it was tried. */
export const currentCall = new AsyncLocalStorage<{ readonly label: string; attempts: number }>();

/** Whether this is the call that fails because the port is closed. */
export function isRefused({ fault }: Behind, label: string): boolean {
  return fault?.name === 'refuses' && fault.call === label;
}

/** DynamoDB, KMS and One Login on one port of this machine, for all cells: each has its own behind it. */
export class FaultyBackend {
  readonly url: string;
  readonly #server: LoopbackServer;
  readonly #cells = new Map<string, Behind>();

  private constructor(server: LoopbackServer) {
    this.#server = server;
    this.url = server.url;
  }

  static async start(): Promise<FaultyBackend> {
    const { promise: ready, resolve } = Promise.withResolvers<FaultyBackend>();
    const server = await listenInternally((request, response) => {
      // A client that has gone gets no response.
      ready.then((backend) => backend.#serve(request, response)).catch(() => response.destroy());
    });
    resolve(new FaultyBackend(server));
    return ready;
  }

  add(cell: string, behind: Behind): void {
    this.#cells.set(cell, behind);
  }

  remove(cell: string): void {
    this.#cells.delete(cell);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /**
   * Responds to the calls of an AWS client without the network, except the one that goes wrong: most of a cell's time would
   * go into sockets otherwise.
   */
  exchangeFor(cell: string, behind: Behind): typeof exchange {
    return async (pool, url, options) => {
      options.signal?.throwIfAborted();
      const call = currentCall.getStore();
      if (call === undefined) throw new Error('this client is not marked');
      const { label } = call;
      call.attempts += 1;
      const attempt = String(call.attempts);
      const headers = {
        ...options.headers,
        [cellHeader]: cell,
        [callHeader]: label,
        [attemptHeader]: attempt,
      };
      if (behind.fault?.call === label) {
        const at = isRefused(behind, label) ? new URL(`http://127.0.0.1:${closedPort}`) : url;
        return exchange(pool, at, { ...options, headers });
      }
      if (changesSomething(label)) behind.log.carriedOut(label);
      const answer = await this.#answer(behind, { headers }, Buffer.from(options.body ?? ''));
      return { ...answer, body: Buffer.from(answer.body) };
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const behind = this.#cells.get(String(request.headers[cellHeader]));
    if (behind === undefined) throw new Error('this is a request of no cell');
    const body = await buffer(request);
    const label = String(request.headers[callHeader]);
    const answer = async () => {
      if (changesSomething(label)) behind.log.carriedOut(label);
      return this.#answer(behind, request, body);
    };
    const { fault, released } = behind;
    if (fault?.call !== label) return send(response, await answer());
    const [service, action] = readTarget(request);
    const attempt = Number(request.headers[attemptHeader] ?? 1);
    await faults[fault.name]({ service, action, attempt, answer, response, released });
  }

  async #answer(behind: Behind, request: ReceivedRequest, body: Buffer): Promise<WireAnswer> {
    const [service] = readTarget(request);
    if (service === 'DynamoDB') return behind.database.answer(request.headers, body);
    if (service === 'KMS') return signed;
    return askProvider(behind, request, body.toString());
  }
}

/** KMS's response to every request: `SigningProvider` does not verify signatures, and to make one takes time. */
const signed: WireAnswer = {
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ Signature: Buffer.alloc(256).toString('base64') }),
};

/** An attempt whose state no browser received counts as none. */
function changesSomething(label: string): boolean {
  return /^(Put|Update|Delete|BatchWrite)Item/.test(label) && label !== 'PutItem of the attempt';
}

function readTarget({ headers, url = '' }: ReceivedRequest): readonly [ServiceName, string] {
  const target = headers['x-amz-target'];
  if (target === undefined) return ['One Login', url];
  const [service = '', action = ''] = String(target).split('.');
  return [service.startsWith('DynamoDB') ? 'DynamoDB' : 'KMS', action];
}

/** The path of a request is the URL at One Login, without its scheme. */
async function askProvider(
  { provider, secrets }: Behind,
  { method, url, headers }: ReceivedRequest,
  body: string,
): Promise<WireAnswer> {
  const answer = await provider.send({
    endpoint: 'token',
    method: method === 'POST' ? 'POST' : 'GET',
    url: `https:/${url}`,
    headers: headers.authorization === undefined ? {} : { authorization: headers.authorization },
    ...(body === '' ? {} : { body }),
  });
  for (const name of ['code', 'client_assertion', 'code_verifier']) {
    const value = new URLSearchParams(body).get(name);
    if (value !== null) secrets.set(name, value);
  }
  const values = Object(JSON.parse(answer.body || '{}')) as Record<string, unknown>;
  for (const [name, value] of Object.entries(values)) {
    if (/token$|JWT$|^email$|^sub$/.test(name) && typeof value === 'string') secrets.set(name, value);
  }
  return answer;
}
