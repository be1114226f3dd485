import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'publicUrl',
  'cookieName',
] as const satisfies readonly EnvironmentVariable[];
