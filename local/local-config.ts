import { join } from 'node:path';
import { stageName } from '../lib/api/routes.ts';
import type { DeploymentConfig, ProviderEndpoints } from '../lib/config/deployment-config.ts';
import { isApiAddress } from '../lib/config/edge-rules.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { packageRoot } from '../lib/package-root.ts';
import { discoverProvider, standInProvider } from './provider.ts';
import type { StartSettings } from './start-settings.ts';

/** The config of the example service, which runs unless another one is chosen. */
export const localConfigFile = join(packageRoot, 'config', 'local.json');

/** The deployment in `config/local.json`. */
export function loadLocalConfig(): DeploymentConfig {
  return loadConfig(localConfigFile);
}

/** The settings that change a config. */
type ConfigSettings = Pick<
  StartSettings,
  'configFile' | 'publicOrigin' | 'oneLoginPort' | 'oneLoginUrl' | 'clientId'
>;

/**
 * Reads the deployment that runs on this machine, with the addresses, the client and the provider of the settings.
 *
 * @throws ConfigError with every mistake in the file
 * @throws StartError when the provider of ONE_LOGIN_URL can't be discovered
 */
export async function configureStart(settings: ConfigSettings): Promise<DeploymentConfig> {
  const { configFile = localConfigFile, publicOrigin, oneLoginPort, oneLoginUrl, clientId } = settings;
  const config = loadConfig(configFile);
  const provider =
    oneLoginUrl === undefined ? standInProvider(oneLoginPort) : await discoverProvider(oneLoginUrl);
  const moved = moveToThisMachine(config, publicOrigin, provider);
  return clientId === undefined ? moved : { ...moved, clientId };
}

/**
 * Moves a deployment from AWS to this machine. Its own addresses move to another origin, One Login is another provider, and
 * what needs the account or its users is left out: the domain, CloudFront, the firewall, alarms and key administrators.
 *
 * @param origin of all pages and routes here, such as `http://localhost:8080`
 * @returns a valid config
 */
export function moveToThisMachine(
  config: DeploymentConfig,
  origin: string,
  provider: ProviderEndpoints,
): DeploymentConfig {
  const { account: _, domain, cloudFront, firewall, pageTexts, publishedKeys, ...kept } = config;
  const moved = mapTexts(kept, (text) => moveAddress(text, config, origin));
  return {
    ...moved,
    pageTexts,
    publishedKeys,
    environment: 'local',
    provider,
    publicUrl: moved.publicUrl ?? `${origin}/auth`,
    returnOrigins: [...new Set(moved.returnOrigins)],
    authorizers: moved.authorizers.map((authorizer) => ({
      ...authorizer,
      trustedOrigins: [...new Set(authorizer.trustedOrigins)],
    })),
    alarms: { emails: [] },
    signingKeyDeletionRoles: [],
  };
}

/** Moves a path or an address of the deployment. Other texts stay as they are. */
function moveAddress(
  text: string,
  { publicUrl, serviceUrl }: Pick<DeploymentConfig, 'publicUrl' | 'serviceUrl'>,
  origin: string,
): string {
  const own = [publicUrl, serviceUrl]
    .flatMap((url) => (url === undefined ? [] : new URL(url).origin))
    .find((each) => text === each || text.startsWith(`${each}/`));
  if (own === undefined && !text.startsWith('/')) return text;
  const path = text.slice(own?.length);
  // Without a host name of its own, the deployment has its routes and pages below the stage of the API. Here it does not.
  const base = publicUrl === undefined || isApiAddress(publicUrl) ? `/${stageName}` : '';
  const shortened = path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  return own === undefined ? shortened : `${origin}${shortened}`;
}

function mapTexts<Value>(value: Value, change: (text: string) => string): Value;
function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapTexts(item, change)]));
}
