import type { EnvironmentVariable } from '../environment.ts';

/** The variables that the composition root reads and `lib` sets. */
export const variables = [
  'deployment',
  'clientId',
  'publicUrl',
  'issuer',
  'sessionsTable',
  'providerDocumentsTable',
  'signedOutUrl',
  'returnOrigins',
] as const satisfies readonly EnvironmentVariable[];
