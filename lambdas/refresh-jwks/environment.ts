import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'userAgent',
  'issuer',
  'discoveryUrl',
  'providerDocumentsTable',
] as const satisfies readonly EnvironmentVariable[];
