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
  return validateConfig(readConfigFile(path), path);
}

/**
 * Reads a config file without validating it.
 *
 * @throws ConfigError if the file cannot be read or is not JSON
 */
export function readConfigFile(path: string): unknown {
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
    // Some editors on Windows begin a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ConfigError([{ path: '', message: `the file is not JSON: ${(error as Error).message}` }], path);
  }
}
