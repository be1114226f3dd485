import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'publicUrl',
  'sessionsTable',
  'sessionIdleSeconds',
  'authorizerLevel',
  'authorizerClaims',
  'authorizerTrustedOrigins',
] as const satisfies readonly EnvironmentVariable[];
