import type { EnvironmentVariable } from '../../lambdas/environment.ts';
import type { DeploymentConfig } from '../config/deployment-config.ts';
import type { Tables } from '../data/tables.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { buildUserAgent } from './user-agent.ts';

export interface FunctionEnvironmentProps {
  readonly config: DeploymentConfig;
  /** The outside URL up to and with `/auth`. */
  readonly publicUrl: string;
  readonly keys: SigningKeys;
  readonly tables: Tables;
}

/** What a function may be told. What an authorizer asks for differs from one to the next, see `authorizers.ts`. */
export type CommonVariable = Exclude<EnvironmentVariable, `authorizer${string}`>;

/** The environment variables whose values are the same for every function that has them. */
export type SharedVariable = keyof ReturnType<typeof functionEnvironment>;

/** Their values. */
export function functionEnvironment({
  config,
  publicUrl,
  keys,
  tables,
}: FunctionEnvironmentProps): Readonly<Record<CommonVariable, string>> {
  return {
    deployment: config.name,
    clientId: config.clientId,
    publicUrl,
    userAgent: buildUserAgent(config.serviceUrl ?? publicUrl),
    issuer: config.provider.issuer,
    discoveryUrl: config.provider.discoveryUrl,
    scopes: config.scopes.join(' '),
    authenticationVtr: JSON.stringify(config.authentication.vtr),
    maxAge: config.authentication.maxAgeSeconds?.toString() ?? '',
    identityVtr: JSON.stringify(config.identity?.vtr ?? []),
    identityClaims: JSON.stringify(config.identity?.claims ?? []),
    notProvedUrl: config.identity?.notProvedUrl ?? '',
    inPersonReturnUrl: config.identity?.inPersonReturnUrl ?? config.defaultPage,
    coreIdentityIssuer: config.provider.coreIdentityIssuer,
    did: config.provider.didId,
    didDocumentUrl: config.provider.didUrl,
    idTokenSigningAlgorithm: config.idTokenSigningAlgorithm,
    signingKeyId: keys.signing.keyId,
    loginAttemptsTable: tables.loginAttempts.tableName,
    sessionsTable: tables.sessions.tableName,
    providerDocumentsTable: tables.providerDocuments.tableName,
    defaultPage: config.defaultPage,
    signedOutUrl: config.signedOutUrl ?? '',
    returnOrigins: JSON.stringify(config.returnOrigins),
    sessionIdleSeconds: String(config.session.idleMinutes * 60),
    sessionAbsoluteSeconds: String(config.session.absoluteMinutes * 60),
  } satisfies Partial<Record<EnvironmentVariable, string>>;
}
