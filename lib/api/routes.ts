import type { DeploymentConfig } from '../config/deployment-config.ts';

/** The API's only stage. Every path begins with it, unless a domain is in front of the API. */
export const stageName = 'live';

/** Path of our public keys, below `/auth`. */
export const jwksPath = '.well-known/jwks.json';

/** A route with a function behind it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below `/auth`. */
  readonly path: string;
  readonly function: 'login' | 'callback' | 'userinfo' | 'logout' | 'backchannelLogout';
  /** Requests per second, over all users. Bursts may be twice as large. */
  readonly rateLimit: number;
}

/** The routes of a deployment, without the JWKS, which no function serves. */
export function listRoutes({
  identity,
  idTokenSigningAlgorithm,
  throttling,
}: Pick<DeploymentConfig, 'identity' | 'idTokenSigningAlgorithm' | 'throttling'>): readonly Route[] {
  const route = (
    path: string,
    name: Route['function'],
    rateLimit: number,
    method: Route['method'] = 'GET',
  ) => ({
    method,
    path,
    function: name,
    rateLimit,
  });
  return [
    route('login', 'login', throttling.login),
    route('callback', 'callback', throttling.callback),
    route('message', 'login', throttling.others),
    // One Login verifies ES256 hints only.
    ...(idTokenSigningAlgorithm === 'ES256'
      ? [route('reauthenticate', 'login', throttling.reauthenticate)]
      : []),
    ...(identity === undefined
      ? []
      : [
          route('prove-identity', 'login', throttling.proveIdentity),
          route('in-person-return', 'login', throttling.inPersonReturn),
        ]),
    route('userinfo', 'userinfo', throttling.userinfo),
    route('logout', 'logout', throttling.logout),
    route('logout', 'logout', throttling.logout, 'POST'),
    route('signed-out', 'logout', throttling.logout),
    route('backchannel-logout', 'backchannelLogout', throttling.backchannelLogout, 'POST'),
  ];
}
