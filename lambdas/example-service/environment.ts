import type { EnvironmentVariable } from '../environment.ts';

export const variables = ['deployment', 'publicUrl'] as const satisfies readonly EnvironmentVariable[];
