import type { Clock } from '../lambdas/core/ports.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { listIdentityClaims, listLevelsOfConfidence, usesMaxAge } from '../lib/config/journeys.ts';
import type { ClientRegistration, StandIn } from '../stand-in/index.ts';
import type { RefusalRecord } from '../stand-in/server/refusal.ts';
import { explainPort } from './loopback-server.ts';
import type { StandInOwner, StandInThread } from './stand-in-thread.ts';
import { startThread } from './threads/start-thread.ts';

export interface OneLoginOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly client: ClientRegistration;
  readonly clock?: Clock | undefined;
  /** The certificate of the service's own server, in PEM, if it is self-signed. */
  readonly certificate?: string | undefined;
  /** Called with the reason why a request was refused, for the developer. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What an environment needs of the stand-in. */
export interface OneLogin {
  readonly url: string;
  /** Changes the registration. */
  readonly register: (client: ClientRegistration) => void | Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Starts the stand-in for One Login.
 *
 * @throws StartError when the port is taken, or this user must not listen on it
 */
export async function startOneLogin(options: OneLoginOptions): Promise<StandIn> {
  const { port, client, clock, certificate, onWarning } = options;
  // Loaded only when it is needed: the start should be quick.
  const { startStandIn } = await import('../stand-in/index.ts');
  try {
    return await startStandIn({
      port,
      client,
      ...(clock ? { clock } : {}),
      certificate,
      onRefusal: (refusal) => onWarning?.(describeRefusal(refusal)),
    });
  } catch (error) {
    throw explainPort(error, 'ONE_LOGIN_PORT', port);
  }
}

/** Starts it in a thread of its own, with the system's clock. @throws StartError as {@link startOneLogin} */
export async function startOneLoginThread(options: Omit<OneLoginOptions, 'clock'>): Promise<OneLogin> {
  const { port, client, certificate, onWarning } = options;
  const owner: StandInOwner = { onRefusal: (refusal) => onWarning?.(describeRefusal(refusal)) };
  const { call, end } = startThread<StandInThread>(new URL('./stand-in-thread', import.meta.url), owner);
  const close = async () => {
    await end();
  };
  try {
    const url = await call('start', { port, client, certificate });
    return { url, register: (changed) => call('register', changed), close };
  } catch (error) {
    await close();
    throw explainPort(error, 'ONE_LOGIN_PORT', port);
  }
}

function describeRefusal({ method, path, status, reason }: RefusalRecord): string {
  return `One Login's stand-in returned ${status} for ${method} ${path}: ${reason}`;
}

/**
 * The registration of the service with the stand-in: what a person enters into One Login's admin tool.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 * @param localUrl the same where the stand-in can reach it, if that is not the public URL
 */
export function buildRegistration(
  config: DeploymentConfig,
  publicUrl: string,
  localUrl = publicUrl,
): ClientRegistration {
  return {
    clientId: config.clientId,
    jwksUrl: `${localUrl}/.well-known/jwks.json`,
    redirectUris: [`${publicUrl}/callback`],
    postLogoutRedirectUris: [`${publicUrl}/signed-out`],
    backchannelLogoutUri: `${localUrl}/backchannel-logout`,
    ...(config.identity === undefined ? {} : { landingPageUrl: `${publicUrl}/in-person-return` }),
    scopes: config.scopes,
    claims: listIdentityClaims(config),
    clientLoCs: listLevelsOfConfidence(config),
    idTokenSigningAlgorithm: config.idTokenSigningAlgorithm,
    maxAgeEnabled: usesMaxAge(config),
    pkceEnforced: true,
    jarRequired: true,
  };
}
