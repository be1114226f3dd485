import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'clientId',
  'publicUrl',
  'cookieName',
  'issuer',
  'sessionsTable',
  'providerDocumentsTable',
  'signedOutUrl',
  'returnOrigins',
] as const satisfies readonly EnvironmentVariable[];
