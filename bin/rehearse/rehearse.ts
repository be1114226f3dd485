import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentConfig, SigningKeyConfig } from '../../lib/config/deployment-config.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { validateConfig } from '../../lib/config/validate-config.ts';
import { appCommand } from './cdk.ts';
import { checkKeys, servedDeployments } from './key-checks.ts';
import { newKeyName, published, switched } from './key-lists.ts';
import type { Observation } from './observation.ts';
import { checkRemoval } from './removal-checks.ts';
import { checkStack, type DeployedStack, listKeptResources, listResources } from './stack-checks.ts';

/** What a rehearsal does things with. */
export interface Stage {
  /** A directory for its files. */
  readonly directory: string;
  /** Runs a command of the CDK CLI; throws when it fails. */
  readonly cdk: (args: readonly string[]) => Promise<void>;
  /** What exists in the account. */
  readonly observe: () => Promise<Observation>;
  /** Told of each step that was taken, with everything that was found wrong. */
  readonly report: (step: string, problems: readonly string[]) => void;
}

/**
 * Deploys a config, rotates its signing key by two updates, and destroys it all, and looks after each step what exists.
 *
 * @param configFile the content of the config's file
 * @param account where to
 * @throws CdkError when a command fails
 */
export async function rehearse(
  configFile: Readonly<Record<string, unknown>>,
  account: string,
  stage: Stage,
): Promise<void> {
  const config = validateConfig(configFile);
  const deploy = (step: string, signingKeys: readonly SigningKeyConfig[]) =>
    deployWith({ ...configFile, account, signingKeys }, step, stage);

  await stage.cdk(['bootstrap', `aws://${account}/${config.region}`]);
  const before = await stage.observe();
  const isBootstrapped = before.stacks.some(({ StackName }) => StackName === 'CDKToolkit');
  stage.report('cdk bootstrap', isBootstrapped ? [] : ['there is no stack CDKToolkit']);

  const key = newKeyName(config.signingKeys);
  const first = await deploy('cdk deploy', config.signingKeys);
  const second = await deploy(
    `cdk deploy, with the new key ${key} published`,
    published(config.signingKeys, key),
  );
  const third = await deploy(
    `cdk deploy, with ${key} signing and its predecessor retired`,
    switched(config.signingKeys, key),
  );
  stage.report('the API serves each change of the key list', followed([first, second, third]));

  await stage.cdk(['destroy', '--force', '--app', third.assembly]);
  const after = await stage.observe();
  const kept = listKeptResources(third);
  const left = kept.length === 0 ? 'nothing' : `${kept.length} resources, as the template says,`;
  stage.report(`cdk destroy: ${left} left`, checkRemoval({ before, after, kept }));
}

interface Deployed extends DeployedStack {
  /** The cloud assembly that was deployed. */
  readonly assembly: string;
}

async function deployWith(
  configFile: Readonly<Record<string, unknown>>,
  step: string,
  { directory, cdk, observe, report }: Stage,
): Promise<Deployed> {
  const config: DeploymentConfig = validateConfig(configFile);
  const name = buildStackName(config);
  const assembly = join(directory, step.replaceAll(/\W+/g, '-'));
  await mkdir(assembly);
  const file = join(assembly, 'config.json');
  await writeFile(file, JSON.stringify(configFile));
  const context = ['--context', `config=${file}`];
  await cdk(['deploy', '--app', appCommand, '--require-approval', 'never', '--output', assembly, ...context]);
  const template = JSON.parse(await readFile(join(assembly, `${name}.template.json`), 'utf8'));
  const deployed = { name, template, observed: await observe(), assembly };
  const problems = [...checkStack(deployed), ...checkKeys(config, deployed.observed)];
  report(`${step}: ${listResources(template).length} resources`, problems);
  return deployed;
}

/** API Gateway serves a change when the stage has another deployment, and not before. */
function followed(deployed: readonly DeployedStack[]): readonly string[] {
  const served = deployed.map(({ observed }) => servedDeployments(observed).join());
  return served.flatMap((id, index) =>
    index > 0 && id === served[index - 1] ? [`update ${index} left the deployment ${id} in service`] : [],
  );
}
