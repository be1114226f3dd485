import type { EnvironmentVariable } from '../environment.ts';

/** The variables that the composition root reads and `lib` sets. */
export const variables = [
  'deployment',
  'clientId',
  'userAgent',
  'issuer',
  'sessionsTable',
  'providerDocumentsTable',
] as const satisfies readonly EnvironmentVariable[];
