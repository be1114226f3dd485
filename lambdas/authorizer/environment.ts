import type { EnvironmentVariable } from '../environment.ts';

export const variables = [
  'deployment',
  'publicUrl',
  'cookieName',
  'sessionsTable',
  'sessionIdleSeconds',
  'authorizerLevel',
  'authorizerClaims',
  'authorizerStepUp',
  'authorizerTrustedOrigins',
] as const satisfies readonly EnvironmentVariable[];
