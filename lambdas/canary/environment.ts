import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'publicUrl',
  'userAgent',
  'issuer',
  'discoveryUrl',
  'signingKeyId',
  'canaryPaths',
] as const satisfies readonly EnvironmentVariable[];
