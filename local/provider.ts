import type { ProviderEndpoints } from '../lib/config/deployment-config.ts';
import { StartError } from './start-error.ts';

/** How long the provider may take to respond, in milliseconds. */
const timeout = 5000;

/** The stand-in at a port. Both issuers have its base URL, as in the official simulator. */
export function standInProvider(port: number): ProviderEndpoints {
  const baseUrl = `http://localhost:${port}`;
  return providerAt(baseUrl, `${baseUrl}/`);
}

/**
 * The provider at a base URL, with the issuer of its discovery document.
 *
 * @param baseUrl without a trailing slash, such as that of the official simulator
 * @throws StartError when there is no such document
 */
export async function discoverProvider(baseUrl: string): Promise<ProviderEndpoints> {
  const url = `${baseUrl}/.well-known/openid-configuration`;
  let issuer: unknown;
  try {
    const response = await fetch(url, {
      headers: { 'user-agent': 'one-login-lambda-local (http://localhost)' },
      signal: AbortSignal.timeout(timeout),
    });
    if (!response.ok) throw new Error(`it responds with status ${response.status}`);
    ({ issuer } = Object(await response.json()));
  } catch (error) {
    throw new StartError(`ONE_LOGIN_URL: there is no discovery document at ${url}: ${describeReason(error)}`);
  }
  if (typeof issuer !== 'string') throw new StartError(`ONE_LOGIN_URL: the document at ${url} has no issuer`);
  return providerAt(baseUrl, issuer);
}

function providerAt(baseUrl: string, issuer: string): ProviderEndpoints {
  return {
    issuer,
    discoveryUrl: `${baseUrl}/.well-known/openid-configuration`,
    coreIdentityIssuer: issuer,
    didUrl: `${baseUrl}/.well-known/did.json`,
    didId: `did:web:${encodeURIComponent(new URL(baseUrl).host)}`,
  };
}

/** The errors of `fetch` have the reason in their cause. */
function describeReason(error: unknown): string {
  const { message, cause }: { message?: unknown; cause?: unknown } = Object(error);
  const { code, message: deeper }: { code?: unknown; message?: unknown } = Object(cause);
  return String(code ?? deeper ?? message ?? error);
}
