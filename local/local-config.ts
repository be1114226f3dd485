import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { discoverProvider, standInProvider } from './provider.ts';
import type { StartSettings } from './start-settings.ts';

/** The deployment in `config/local.json`. */
export function loadLocalConfig(): DeploymentConfig {
  return loadConfig(fileURLToPath(new URL('../config/local.json', import.meta.url)));
}

/**
 * The deployment that `npm start` runs: `config/local.json` with the ports, the client and the provider of the
 * environment variables.
 *
 * @throws StartError when the provider of ONE_LOGIN_URL can't be discovered
 */
export async function configureStart(settings: StartSettings): Promise<DeploymentConfig> {
  const { port, oneLoginPort, oneLoginUrl, clientId } = settings;
  const config = loadLocalConfig();
  const origin = `http://localhost:${port}`;
  return {
    ...config,
    serviceUrl: `${origin}/`,
    publicUrl: `${origin}/auth`,
    clientId: clientId ?? config.clientId,
    provider: oneLoginUrl === undefined ? standInProvider(oneLoginPort) : await discoverProvider(oneLoginUrl),
  };
}
