import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'clientId',
  'publicUrl',
  'cookieName',
  'journeys',
  'issuer',
  'scopes',
  'authenticationVtr',
  'maxAge',
  'identityVtr',
  'identityClaims',
  'inPersonReturnUrl',
  'signingKeyId',
  'loginAttemptsTable',
  'sessionsTable',
  'providerDocumentsTable',
  'defaultPage',
  'returnOrigins',
] as const satisfies readonly EnvironmentVariable[];
