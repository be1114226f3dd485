import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'clientId',
  'publicUrl',
  'cookieName',
  'journeys',
  'userAgent',
  'issuer',
  'coreIdentityIssuer',
  'did',
  'didDocumentUrl',
  'notProvedUrl',
  'idTokenSigningAlgorithm',
  'signingKeyId',
  'loginAttemptsTable',
  'sessionsTable',
  'providerDocumentsTable',
  'defaultPage',
  'sessionIdleSeconds',
  'sessionAbsoluteSeconds',
] as const satisfies readonly EnvironmentVariable[];
