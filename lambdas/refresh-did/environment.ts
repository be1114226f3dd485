import type { EnvironmentVariable } from '../environment.ts';

/** The variables that the composition root reads and `lib` sets. */
export const variables = [
  'deployment',
  'userAgent',
  'did',
  'didDocumentUrl',
  'providerDocumentsTable',
] as const satisfies readonly EnvironmentVariable[];
