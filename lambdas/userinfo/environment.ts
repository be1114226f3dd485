import type { EnvironmentVariable } from '../environment.ts';

/** The variables that the composition root reads and `lib` sets. */
export const variables = [
  'deployment',
  'publicUrl',
  'sessionsTable',
  'sessionIdleSeconds',
] as const satisfies readonly EnvironmentVariable[];
