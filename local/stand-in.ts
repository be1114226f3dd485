import type { Clock } from '../lambdas/core/ports.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { type ClientRegistration, type StandIn, startStandIn } from '../stand-in/index.ts';
import { portTaken, readErrorCode } from './loopback-server.ts';

export interface OneLoginOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly client: ClientRegistration;
  readonly clock?: Clock;
  /** Called with the reason why a request was refused, for the developer. */
  readonly onWarning?: (warning: string) => void;
}

/**
 * Starts the stand-in for One Login.
 *
 * @throws StartError when the port is taken
 */
export async function startOneLogin({ port, client, clock, onWarning }: OneLoginOptions): Promise<StandIn> {
  try {
    return await startStandIn({
      port,
      client,
      ...(clock ? { clock } : {}),
      onRefusal: ({ method, path, status, reason }) =>
        onWarning?.(`One Login's stand-in answered ${method} ${path} with ${status}: ${reason}`),
    });
  } catch (error) {
    throw readErrorCode(error) === 'EADDRINUSE' ? portTaken('ONE_LOGIN_PORT', port) : error;
  }
}

/**
 * The registration of the service with the stand-in: what a person enters into One Login's admin tool.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function buildRegistration(config: DeploymentConfig, publicUrl: string): ClientRegistration {
  return {
    clientId: config.clientId,
    jwksUrl: `${publicUrl}/.well-known/jwks.json`,
    redirectUris: [`${publicUrl}/callback`],
    postLogoutRedirectUris: [`${publicUrl}/signed-out`],
    backchannelLogoutUri: `${publicUrl}/backchannel-logout`,
    ...(config.identity === undefined ? {} : { landingPageUrl: `${publicUrl}/in-person-return` }),
    scopes: config.scopes,
    claims: config.identity?.claims ?? [],
    clientLoCs: listLevels(config),
    idTokenSigningAlgorithm: config.idTokenSigningAlgorithm,
    maxAgeEnabled: config.authentication.maxAgeSeconds !== undefined,
    pkceEnforced: true,
    jarRequired: true,
  };
}

function listLevels({ identity }: DeploymentConfig): ClientRegistration['clientLoCs'] {
  if (identity === undefined) return ['P0'];
  return (['P1', 'P2'] as const).filter((level) => identity.vtr.some((vector) => vector.endsWith(level)));
}
