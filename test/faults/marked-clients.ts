import { HttpsProviderClient } from '../../lambdas/adapters/http/https-provider-client.ts';
import { withSignal } from '../../lambdas/core/flow/with-signal.ts';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { Abortable, ProviderClient } from '../../lambdas/core/ports.ts';
import { describeSubject } from './call-log.ts';
import type { ServiceName } from './faults.ts';
import { type Behind, callHeader, cellHeader, closedPort, type FaultyBackend } from './faulty-backend.ts';

/** A request of the SDK before it is signed. */
interface AwsRequest {
  readonly headers: Record<string, string>;
  port?: number;
}

/**
 * Wraps the step of an AWS client that comes once for each call, however often it is tried: its headers
 * contain the cell and the label. A call that is to be refused goes to a port on which nothing listens.
 */
export function markCalls<Args extends { readonly input: object; readonly request: unknown }, Output>(
  next: (args: Args) => Promise<Output>,
  service: ServiceName,
  cell: string,
  behind: Behind,
): (args: Args) => Promise<Output> {
  return async (args) => {
    const request = args.request as AwsRequest;
    const [, action = ''] = String(request.headers['x-amz-target']).split('.');
    const { label, end } = behind.log.begin(
      service,
      action,
      service === 'KMS' ? '' : describeSubject(args.input),
    );
    Object.assign(request.headers, { [cellHeader]: cell, [callHeader]: label });
    if (isRefused(behind, label)) request.port = closedPort;
    try {
      return await next(args);
    } finally {
      end();
    }
  };
}

/** The client of One Login, led to this machine. */
export class MarkedProviderClient implements ProviderClient, Abortable<ProviderClient> {
  readonly #backend: FaultyBackend;
  readonly #cell: string;
  readonly #behind: Behind;
  readonly #client: ProviderClient;

  constructor(
    backend: FaultyBackend,
    cell: string,
    behind: Behind,
    client: ProviderClient = new HttpsProviderClient('faults/1 (https://service.example)'),
  ) {
    this.#backend = backend;
    this.#cell = cell;
    this.#behind = behind;
    this.#client = client;
  }

  withSignal(signal: AbortSignal): ProviderClient {
    const { client } = withSignal({ client: this.#client }, signal);
    return new MarkedProviderClient(this.#backend, this.#cell, this.#behind, client);
  }

  async send({ url, headers, ...request }: ProviderRequest): Promise<ProviderResponse> {
    const { label, end } = this.#behind.log.begin('One Login', request.endpoint ?? '', '');
    const at = isRefused(this.#behind, label) ? `http://127.0.0.1:${closedPort}` : this.#backend.url;
    const marked = { ...headers, [cellHeader]: this.#cell, [callHeader]: label };
    try {
      return await this.#client.send({ ...request, url: url.replace('https:/', at), headers: marked });
    } finally {
      end();
    }
  }
}

function isRefused({ fault }: Behind, label: string): boolean {
  return fault?.name === 'refuses' && fault.call === label;
}
