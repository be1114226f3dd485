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
  const get = (path: string, name: Route['function'], rateLimit: number): Route => ({
    method: 'GET',
    path,
    function: name,
    rateLimit,
  });
  const post = (path: string, name: Route['function'], rateLimit: number): Route => ({
    ...get(path, name, rateLimit),
    method: 'POST',
  });
  return [
    get('login', 'login', throttling.login),
    get('callback', 'callback', throttling.callback),
    get('message', 'login', throttling.others),
    // One Login verifies ES256 hints only.
    ...(idTokenSigningAlgorithm === 'ES256'
      ? [get('reauthenticate', 'login', throttling.reauthenticate)]
      : []),
    ...(identity === undefined
      ? []
      : [
          get('prove-identity', 'login', throttling.proveIdentity),
          get('in-person-return', 'login', throttling.inPersonReturn),
        ]),
    get('userinfo', 'userinfo', throttling.userinfo),
    get('logout', 'logout', throttling.logout),
    post('logout', 'logout', throttling.logout),
    get('signed-out', 'logout', throttling.logout),
    post('backchannel-logout', 'backchannelLogout', throttling.backchannelLogout),
  ];
}
