import type { EnvironmentVariable } from '../../lambdas/environment.ts';
import type { DeploymentConfig } from '../config/deployment-config.ts';
import { listRequests, serializeJourneys } from '../config/journeys.ts';
import type { Tables } from '../data/tables.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { buildUserAgent } from './user-agent.ts';

export interface FunctionEnvironmentProps {
  readonly config: DeploymentConfig;
  /** The outside URL, including `/auth`. */
  readonly publicUrl: string;
  readonly keys: SigningKeys;
  readonly tables: Tables;
}

/** The variables with the same value for all functions. `authorizers.ts` sets the others. */
export type CommonVariable = Exclude<EnvironmentVariable, `authorizer${string}`>;

/** @returns the values of all common variables. Each function uses some of them. */
export function buildFunctionEnvironment({
  config,
  publicUrl,
  keys,
  tables,
}: FunctionEnvironmentProps): Readonly<Record<CommonVariable, string>> {
  return {
    deployment: config.name,
    clientId: config.clientId,
    publicUrl,
    cookieName: config.cookieName ?? '',
    userAgent: buildUserAgent(config.serviceUrl ?? publicUrl),
    issuer: config.provider.issuer,
    discoveryUrl: config.provider.discoveryUrl,
    scopes: config.scopes.join(' '),
    authenticationVtr: JSON.stringify(config.authentication.vtr),
    maxAge: config.authentication.maxAgeSeconds?.toString() ?? '',
    identityVtr: JSON.stringify(config.identity?.vtr ?? []),
    identityClaims: JSON.stringify(config.identity?.claims ?? []),
    journeys: serializeJourneys(config.journeys),
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
    canaryPaths: JSON.stringify(listRequests(config).map(({ path }) => path)),
  } satisfies Partial<Record<EnvironmentVariable, string>>;
}
