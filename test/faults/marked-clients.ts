import { HttpsProviderClient } from '../../lambdas/adapters/http/https-provider-client.ts';
import type { ProviderClient } from '../../lambdas/core/ports.ts';
import { aboutOf } from './call-log.ts';
import type { ServiceName } from './faults.ts';
import { type Behind, callHeader, cellHeader, closedPort, type FaultyBackend } from './faulty-backend.ts';

/** A request of the SDK before it is signed. */
interface AwsRequest {
  readonly headers: Record<string, string>;
  port?: number;
}

/**
 * Wraps the step of an AWS client that comes once for each call, however often it is tried: the call says in headers
 * whose it is and which. One that is to be refused goes where nobody listens.
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
    const { label, end } = behind.log.begin(service, action, service === 'KMS' ? '' : aboutOf(args.input));
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
export function createProviderClient(backend: FaultyBackend, cell: string, behind: Behind): ProviderClient {
  const client = new HttpsProviderClient('faults/1 (https://service.example)');
  return {
    send: async ({ url, headers, ...request }, ...rest) => {
      const { label, end } = behind.log.begin('One Login', request.endpoint, '');
      const at = isRefused(behind, label) ? `http://127.0.0.1:${closedPort}` : backend.url;
      const marked = { ...headers, [cellHeader]: cell, [callHeader]: label };
      try {
        return await client.send({ ...request, url: url.replace('https:/', at), headers: marked }, ...rest);
      } finally {
        end();
      }
    },
  };
}

function isRefused({ fault }: Behind, label: string): boolean {
  return fault?.name === 'refuses' && fault.call === label;
}
