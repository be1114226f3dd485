import { readFileSync } from 'node:fs';
import type { DeploymentConfig } from './deployment-config.ts';
import { ConfigError } from './mistakes.ts';
import { validateConfig } from './validate-config.ts';

/**
 * Reads and validates a config file.
 *
 * @param path from the working directory, such as `config/integration.json`
 * @throws ConfigError with every mistake at once; also if the file cannot be read or is not JSON
 */
export function loadConfig(path: string): DeploymentConfig {
  return validateConfig(readJson(path), path);
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      [{ path: '', message: `the file cannot be read: ${(error as Error).message}` }],
      path,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError([{ path: '', message: `the file is not JSON: ${(error as Error).message}` }], path);
  }
}
