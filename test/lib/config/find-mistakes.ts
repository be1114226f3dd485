import type { DeploymentConfig } from '../../../lib/config/deployment-config.ts';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

export type Changes = Readonly<Record<string, unknown>>;

/** The config with only the required fields. */
export const smallestConfig = {
  name: 'licences',
  environment: 'integration',
  serviceName: 'Apply for a licence',
  clientId: 'client',
  scopes: ['openid'],
  authentication: { vtr: ['Cl.Cm'] },
  signingKeys: [{ name: '2026-01', state: 'sign' }],
};

export const vocab = 'https://vocab.account.gov.uk/v1';
export const identity = { vtr: ['Cl.Cm.P2'], claims: [`${vocab}/coreIdentityJWT`] };

/** Validates the smallest config with some fields changed. `undefined` removes a field, since JSON has none. */
export function validateWith(changes: Changes): DeploymentConfig {
  return validateConfig(JSON.parse(JSON.stringify({ ...smallestConfig, ...changes })));
}

/** Returns the mistakes of that config, each as a message shows it. */
export function findMistakes(changes: Changes): readonly string[] {
  try {
    validateWith(changes);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
}
