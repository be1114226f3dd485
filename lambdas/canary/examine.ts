import { RelyingPartyError } from '../core/errors.ts';
import { fetchDocument } from '../core/flow/fetch-document.ts';
import { findAuthorizationError } from '../core/one-login/authorization-response.ts';
import { parseJsonObject } from '../core/one-login/json-object.ts';
import { discoveryDocument } from '../core/one-login/provider-metadata.ts';
import type { Clock, ProviderClient } from '../core/ports.ts';
import type { CanaryStep } from '../telemetry/metrics.ts';

export interface CanarySettings {
  /** The outside URL, including `/auth`. */
  readonly publicUrl: string;
  readonly issuer: string;
  readonly discoveryUrl: string;
  /** The `kid` of the key that signs. */
  readonly signingKeyId: string;
  /** The paths below `/auth` that lead to One Login, `login` first. */
  readonly paths: readonly string[];
}

export interface ExamineDependencies {
  readonly client: ProviderClient;
  /** @returns when the certificate of an https URL ends, in milliseconds since the epoch */
  readonly readCertificateEnd: (url: string) => Promise<number>;
  readonly clock: Pick<Clock, 'now'>;
  readonly settings: CanarySettings;
  /** Called with each failure, and with the path if the step has several. */
  readonly onFailure: (step: CanaryStep, error: unknown, path?: string) => void;
}

export interface Examination {
  /** The steps that were examined, with whether they failed. */
  readonly steps: ReadonlyMap<CanaryStep, boolean>;
  /** How many days the certificate is still valid. Undefined if it was not read. */
  readonly certificateDays?: number;
}

/** What is not as it should be. The message contains addresses and statuses, and nothing of a request or response. */
export class CanaryFailure extends Error {
  override readonly name = 'CanaryFailure';
}

/** How long One Login waits for our keys, in milliseconds. It tries twice. */
const oneLoginsPatience = 500;

const day = 24 * 60 * 60 * 1000;

/**
 * Examines the deployment from outside, as users and One Login reach it. It signs no user in: each path leaves an attempt,
 * which expires.
 */
export async function examine(dependencies: ExamineDependencies): Promise<Examination> {
  const { client, clock, settings, readCertificateEnd, onFailure } = dependencies;
  const { publicUrl, issuer, discoveryUrl, paths } = settings;
  const steps = new Map<CanaryStep, boolean>();
  const attempt = async <T>(step: CanaryStep, work: () => Promise<T>, path?: string) => {
    try {
      const result = await work();
      steps.set(step, steps.get(step) ?? false);
      return result;
    } catch (error) {
      steps.set(step, true);
      onFailure(step, error, path);
      return undefined;
    }
  };

  // First and alone, so that nothing slows it down.
  const milliseconds = await attempt('jwks', () => examineJwks(dependencies));
  if (milliseconds !== undefined) await attempt('jwks_in_time', async () => checkTime(milliseconds));
  const metadata = await attempt('discovery', async () => {
    const { contents } = await fetchDocument(discoveryDocument({ issuer, discoveryUrl }), { client, clock });
    return contents;
  });
  // Without the document, the origin has to be right at least.
  const endpoint = metadata?.authorization_endpoint ?? new URL(issuer).origin;

  async function examinePaths() {
    // One after the other: all together would start as many instances of the function.
    for (const path of paths) {
      const address = await attempt('login', () => beginSignIn(dependencies, path, endpoint), path);
      if (address === undefined) continue;
      await attempt('authorize', () => authorize(dependencies, path, address), path);
    }
  }
  const [certificateEnd] = await Promise.all([
    publicUrl.startsWith('https:') ? attempt('certificate', () => readCertificateEnd(publicUrl)) : undefined,
    // HEAD changes nothing, and is not counted as a refused response of One Login.
    attempt('callback', () => expectStatus(dependencies, 200, `${publicUrl}/callback`, 'HEAD')),
    examinePaths(),
  ]);
  return {
    steps,
    ...(certificateEnd === undefined
      ? {}
      : { certificateDays: Math.floor((certificateEnd - clock.now()) / day) }),
  };
}

/** @returns how long the better of two tries took, in milliseconds */
async function examineJwks(dependencies: ExamineDependencies): Promise<number> {
  const { clock, settings } = dependencies;
  const tryOnce = async () => {
    const began = clock.now();
    const { body } = await expectStatus(dependencies, 200, `${settings.publicUrl}/.well-known/jwks.json`);
    return { body, milliseconds: clock.now() - began };
  };
  const first = await tryOnce().catch(() => undefined);
  const { body, milliseconds } =
    first !== undefined && first.milliseconds < oneLoginsPatience ? first : await tryOnce();
  const keys = parseJsonObject(body)?.['keys'];
  if (!Array.isArray(keys)) throw new CanaryFailure('the response is no JWKS');
  if (!keys.some((key: unknown) => Object(key).kid === settings.signingKeyId)) {
    throw new CanaryFailure('the key that signs is not in the JWKS');
  }
  return milliseconds;
}

function checkTime(milliseconds: number): void {
  if (milliseconds < oneLoginsPatience) return;
  throw new CanaryFailure(`twice our keys took ${oneLoginsPatience} ms or more, at last ${milliseconds} ms`);
}

/** @returns the address at One Login that the user is sent to */
async function beginSignIn(
  dependencies: ExamineDependencies,
  path: string,
  endpoint: string,
): Promise<string> {
  const { headers } = await expectStatus(dependencies, 303, `${dependencies.settings.publicUrl}/${path}`);
  const address = URL.parse(headers['location'] ?? '');
  const target = address === null ? 'nowhere' : address.origin + address.pathname;
  if (address === null || (target !== endpoint && address.origin !== endpoint)) {
    throw new CanaryFailure(`it redirects to ${target}, not to the authorization endpoint`);
  }
  if (!address.searchParams.has('request')) throw new CanaryFailure('the redirect has no request object');
  return address.href;
}

/** @throws RelyingPartyError with the error that One Login responds with to a request of this path */
async function authorize(
  { client, settings: { publicUrl } }: ExamineDependencies,
  path: string,
  address: string,
): Promise<void> {
  const { status, headers } = await client.send({ method: 'GET', url: address, headers: {} });
  // Unknown client or redirect URI, bad signature (400); keys that it could not read (500).
  if (status >= 400) throw new CanaryFailure(`One Login responds to the request with ${status}`);
  const error = findAuthorizationError(headers['location'] ?? '', `${publicUrl}/callback`);
  // Sometimes One Login has no capacity for proving identities. Users then have to wait.
  const isExpected = path !== 'login' && error?.code === 'authorization_temporarily_unavailable';
  if (error !== undefined && !isExpected) throw error;
}

async function expectStatus(
  { client }: ExamineDependencies,
  expected: number,
  url: string,
  method: 'GET' | 'HEAD' = 'GET',
) {
  const response = await client.send({ method, url, headers: {} });
  if (response.status === expected) return response;
  throw new CanaryFailure(`${url} responds with ${response.status}, expected ${expected}`);
}

/** @returns the message of an error that is ours, and therefore can be logged */
export function readFailureMessage(error: unknown): string | undefined {
  return error instanceof CanaryFailure || error instanceof RelyingPartyError ? error.message : undefined;
}
