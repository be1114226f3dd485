import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lib/package-root.ts';
import { buildConfigFile, type Settings } from './settings.ts';

interface Package {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { version, peerDependencies, devDependencies }: Package = JSON.parse(
  readFileSync(join(packageRoot, 'package.json'), 'utf8'),
);

/** What a project needs, by name, with its version. The CDK CLI and TypeScript are of the versions that we test with. */
export const dependencies: Readonly<Record<string, string>> = {
  'one-login-lambda': `^${version}`,
  ...pick(peerDependencies, ['aws-cdk-lib', 'constructs'], ''),
};
export const developmentDependencies: Readonly<Record<string, string>> = pick(
  devDependencies,
  ['aws-cdk', 'typescript', '@types/node'],
  '^',
);

function pick(
  versions: Readonly<Record<string, string>>,
  names: readonly string[],
  prefix: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, `${prefix}${versions[name]}`]));
}

/** Lines of a `.gitignore`. */
export const ignored: readonly string[] = ['node_modules/', 'cdk.out/'];

/** @returns the path of the config file in the project */
export function findConfigPath({ environment }: Pick<Settings, 'environment'>): string {
  return `config/${environment}.json`;
}

/** @returns path → content of every file of a new project, except for `.gitignore` */
export function buildProjectFiles(settings: Settings): Readonly<Record<string, string>> {
  const config = findConfigPath(settings);
  const values = { config, environment: settings.environment, region: 'eu-west-2' };
  const fill = (template: string) =>
    Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(`@${name}@`, value),
      readTemplate(template),
    );
  return {
    [config]: formatJson(buildConfigFile(settings)),
    'one-login.mts': fill('one-login.mts'),
    'cdk.json': formatJson({ app: 'node one-login.mts', context: { config } }),
    'package.json': formatJson({
      name: settings.name,
      private: true,
      scripts: { start: `one-login local --config ${config}` },
      engines: { node: '>=22.18' },
      dependencies,
      devDependencies: developmentDependencies,
    }),
    'tsconfig.json': fill('tsconfig.json'),
    '.github/workflows/deploy.yml': fill('deploy.yml'),
  };
}

function readTemplate(name: string): string {
  return readFileSync(join(packageRoot, 'bin/init/templates', name), 'utf8');
}

function formatJson(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
