import type { EnvironmentVariable } from '../environment.ts';

/** The variables that the composition root reads and `lib` sets. */
export const variables = [
  'deployment',
  'userAgent',
  'issuer',
  'discoveryUrl',
  'providerDocumentsTable',
] as const satisfies readonly EnvironmentVariable[];
