import type { Clock } from '../../lambdas/core/ports.ts';
import { type Answer, jsonAnswer, parseJson } from '../server/message.ts';

/** The endpoints that can fail, with their paths. */
export const endpointPaths = {
  authorize: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  logout: '/logout',
  discovery: '/.well-known/openid-configuration',
  jwks: '/.well-known/jwks.json',
  did: '/.well-known/did.json',
  trustmark: '/trustmark',
} as const;
export type EndpointName = keyof typeof endpointPaths;
export const endpointNames = Object.keys(endpointPaths) as EndpointName[];

/** The same value for every endpoint. */
export function perEndpoint<T>(value: T): Readonly<Record<EndpointName, T>> {
  return Object.fromEntries(endpointNames.map((name) => [name, value])) as Record<EndpointName, T>;
}

/** How an endpoint fails. With `delay` it waits first, and then responds as usual if no other field is given. */
export interface EndpointFault {
  /** Milliseconds to wait, by the stand-in's clock. */
  readonly delay?: number;
  /** Never respond. */
  readonly hang?: boolean;
  /** Reset the connection. */
  readonly reset?: boolean;
  /** Respond with this status. */
  readonly status?: number;
  /** The body of that response. Empty by default. */
  readonly body?: string;
  /** By default `application/json` for a body that is JSON, else `text/plain`. */
  readonly contentType?: string;
  /** Return 200 with a JSON document of about that many bytes. */
  readonly oversizedBody?: number;
  /** Return 302 with this Location. */
  readonly redirectTo?: string;
}

/** What happens to a request without a response. */
export type NoAnswer = 'hang' | 'reset';

/** Waits for the fault's delay. @returns undefined when the endpoint then responds as usual */
export async function applyFault(fault: EndpointFault, clock: Clock): Promise<Answer | NoAnswer | undefined> {
  if (fault.delay !== undefined) await clock.wait(fault.delay);
  if (fault.hang === true) return 'hang';
  if (fault.reset === true) return 'reset';
  return buildAnswer(fault);
}

function buildAnswer(fault: EndpointFault): Answer | undefined {
  if (fault.redirectTo !== undefined) {
    return { status: 302, headers: { location: fault.redirectTo }, body: '' };
  }
  if (fault.oversizedBody !== undefined) {
    return jsonAnswer(200, { padding: 'x'.repeat(fault.oversizedBody) });
  }
  if (fault.status === undefined) return undefined;
  const body = fault.body ?? '';
  const contentType =
    fault.contentType ?? (parseJson(body) === undefined ? 'text/plain' : 'application/json');
  return { status: fault.status, headers: { 'content-type': contentType }, body };
}
