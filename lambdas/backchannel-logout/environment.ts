import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'clientId',
  'userAgent',
  'issuer',
  'sessionsTable',
  'providerDocumentsTable',
] as const satisfies readonly EnvironmentVariable[];
