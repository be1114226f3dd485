import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'userAgent',
  'did',
  'didDocumentUrl',
  'providerDocumentsTable',
] as const satisfies readonly EnvironmentVariable[];
