import type { ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { Answer } from './transport.ts';

/** An answer as the functions see it, for the very checks that they make. */
export function providerResponse({ status, headers, body }: Answer): ProviderResponse {
  const joined = Object.entries(headers).map(([name, values]) => [name, values.join(', ')]);
  return { status, headers: Object.fromEntries(joined), body };
}
