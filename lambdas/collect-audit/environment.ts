import type { EnvironmentVariable } from '../environment.ts';

export const variables = ['deployment'] as const satisfies readonly EnvironmentVariable[];
