import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'publicUrl',
  'cookieName',
  'sessionsTable',
  'sessionIdleSeconds',
] as const satisfies readonly EnvironmentVariable[];
