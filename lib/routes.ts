import type { DeploymentConfig } from './config/deployment-config.ts';

/** A route that a function answers. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below `/auth`. */
  readonly path: string;
  readonly function: 'login' | 'callback' | 'userinfo' | 'logout' | 'backchannelLogout';
  /**
   * Requests per second, over all users; twice as many may come at once.
   * @default that of all routes
   */
  readonly rateLimit?: number;
}

/**
 * Requests that make KMS sign. KMS signs with RSA 1,000 times a second by default (500 in some Regions) for the whole
 * account, which other applications may share: all our routes together ask for half of the lower one at most.
 */
const common = 80;
const rare = 20;

/** The routes of a deployment. The JWKS is not among them: no function answers it. */
export function routesOf({
  identity,
  idTokenSigningAlgorithm,
}: Pick<DeploymentConfig, 'identity' | 'idTokenSigningAlgorithm'>): readonly Route[] {
  const reauthentication: readonly Route[] = [
    { method: 'GET', path: 'reauthenticate', function: 'login', rateLimit: rare },
  ];
  const identityProving: readonly Route[] = [
    { method: 'GET', path: 'prove-identity', function: 'login', rateLimit: rare },
    { method: 'GET', path: 'in-person-return', function: 'login', rateLimit: rare },
  ];
  return [
    { method: 'GET', path: 'login', function: 'login', rateLimit: common },
    { method: 'GET', path: 'callback', function: 'callback', rateLimit: common },
    { method: 'GET', path: 'message', function: 'login' },
    // One Login verifies ES256 hints only.
    ...(idTokenSigningAlgorithm === 'ES256' ? reauthentication : []),
    ...(identity === undefined ? [] : identityProving),
    { method: 'GET', path: 'userinfo', function: 'userinfo' },
    { method: 'GET', path: 'logout', function: 'logout' },
    { method: 'POST', path: 'logout', function: 'logout' },
    { method: 'GET', path: 'signed-out', function: 'logout' },
    { method: 'POST', path: 'backchannel-logout', function: 'backchannelLogout' },
  ];
}
