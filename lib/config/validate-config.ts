import { stageName } from '../api/stage-name.ts';
import { checkSchema } from './check-schema.ts';
import type { ConfigFile, DeploymentConfig, Environment, ProviderEndpoints } from './deployment-config.ts';
import { publicUrlOfDomain } from './edge-rules.ts';
import { ConfigError, type Mistake } from './mistakes.ts';
import { oneLoginEndpoints } from './provider-endpoints.ts';
import { rules } from './rules.ts';

/**
 * Validates what a config file holds, and fills in what it leaves out.
 *
 * @param json parsed JSON; not changed
 * @param source what messages call it: the path of the file
 * @throws ConfigError with every mistake at once, each with the field's path and what is allowed
 */
export function validateConfig(json: unknown, source?: string): DeploymentConfig {
  const file = structuredClone(json);
  const schemaMistakes = checkSchema(file);
  if (!schemaMistakes.some(({ path }) => /^(domain(\.name)?)?$/.test(path)))
    fillInPublicUrl(file as ConfigFile);
  const ruleMistakes = rules
    .filter(({ reads }) => !schemaMistakes.some(({ path }) => path === '' || reads.test(path)))
    // Each rule reads only what the schema has accepted.
    .flatMap(({ check }) => check(file as ConfigFile));
  const mistakes: readonly Mistake[] = [...schemaMistakes, ...ruleMistakes];
  if (mistakes.length > 0) throw new ConfigError(mistakes, source);

  const { $schema: _, provider, ...config } = file as ConfigFile;
  return {
    ...config,
    defaultPage: chooseDefaultPage(config),
    provider: provider ?? chooseEndpoints(config.environment),
  };
}

/** Without a domain the stage's name stands before every path, and nothing is at `/`. */
function chooseDefaultPage({
  defaultPage,
  exampleService,
  publicUrl,
}: Pick<ConfigFile, 'defaultPage' | 'exampleService' | 'publicUrl'>): string {
  return exampleService && publicUrl === undefined && defaultPage === '/' ? `/${stageName}/` : defaultPage;
}

/** @param file changed in place */
function fillInPublicUrl(file: { domain?: ConfigFile['domain']; publicUrl?: string }): void {
  if (file.domain !== undefined) file.publicUrl ??= publicUrlOfDomain(file.domain.name);
}

function chooseEndpoints(environment: Environment): ProviderEndpoints {
  if (environment === 'local') throw new Error('a rule sees to it that local comes with a provider');
  return oneLoginEndpoints[environment];
}
