import type { AwsSender } from '../../lambdas/adapters/aws/aws-service.ts';
import { HttpsProviderClient } from '../../lambdas/adapters/http/https-provider-client.ts';
import { withSignal } from '../../lambdas/core/flow/with-signal.ts';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { Abortable, ProviderClient } from '../../lambdas/core/ports.ts';
import { describeSubject } from './call-log.ts';
import type { ServiceName } from './faults.ts';
import {
  type Behind,
  callHeader,
  cellHeader,
  closedPort,
  currentCall,
  type FaultyBackend,
  isRefused,
} from './faulty-backend.ts';

/** Wraps a client of AWS, so that each call of it has a label, however often it is tried. */
export function markCalls<Service extends string>(
  client: AwsSender<Service>,
  service: ServiceName,
  behind: Behind,
): AwsSender<Service> {
  return {
    send: async (command, options) => {
      const subject = service === 'KMS' ? '' : describeSubject(command.input);
      const { label, end } = behind.log.begin(service, command.action, subject);
      try {
        return await currentCall.run({ label, attempts: 0 }, () => client.send(command, options));
      } finally {
        end();
      }
    },
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
