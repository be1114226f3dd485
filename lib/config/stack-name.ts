import type { DeploymentConfig } from './deployment-config.ts';

/** Builds the name of a deployment's stack. */
export function buildStackName(config: Pick<DeploymentConfig, 'name'>): string {
  return `one-login-${config.name}`;
}
