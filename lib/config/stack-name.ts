import type { DeploymentConfig } from './deployment-config.ts';

/** What the stack of a deployment is called. */
export function buildStackName(config: Pick<DeploymentConfig, 'name'>): string {
  return `one-login-${config.name}`;
}
