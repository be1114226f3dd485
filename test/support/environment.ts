import {
  type LocalEnvironment,
  type LocalEnvironmentOptions,
  startLocalEnvironment,
} from '../../local/environment.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { cachedAssembly } from './assembly-cache.ts';

/** The options of a local environment. Without a config it runs `config/local.json`, without an assembly a cached one. */
export type TestEnvironmentOptions = Partial<LocalEnvironmentOptions>;

/** Starts a local environment. */
export async function startTestEnvironment(options: TestEnvironmentOptions = {}): Promise<LocalEnvironment> {
  const { config = loadLocalConfig() } = options;
  const assemblyDirectory = options.assemblyDirectory ?? (await cachedAssembly(config));
  return startLocalEnvironment({ ...options, config, assemblyDirectory });
}
