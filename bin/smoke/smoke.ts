import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { buildUserAgent } from '../../lib/functions/user-agent.ts';
import { CommandError, describeError } from '../command.ts';
import { type CheckResult, examine } from '../doctor/examine.ts';
import type { Transport } from '../doctor/transport.ts';
import type { Aws, StackResource } from '../rehearse/aws.ts';
import { refuseAtOneLogin } from './refuse-at-one-login.ts';

/** What a smoke test reads from the account. */
export type Account = Pick<
  Aws,
  'readAccount' | 'hasStack' | 'listStackResources' | 'readKeyState' | 'hasTable' | 'listLogGroups'
>;

/** What a smoke test does things with. */
export interface Stage {
  /** A directory for the cloud assembly. */
  readonly directory: string;
  readonly aws: Account;
  readonly transport: Transport;
  /** Writes the cloud assembly into the directory. */
  readonly synthesise: (directory: string, signal: AbortSignal) => Promise<void>;
  /** Runs a command of the CDK CLI. @throws CdkError when it fails */
  readonly cdk: (args: readonly string[], signal: AbortSignal) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called after each step. */
  readonly report: (step: Step) => void;
  /** Ends everything but the destruction of the stack. */
  readonly signal: AbortSignal;
}

/** A step, for the report. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly seconds: number;
  readonly outcome: 'pass' | 'fail';
  /** What was examined, and what was found. */
  readonly examined: readonly string[];
  readonly problems: readonly string[];
}

type Findings = Pick<Step, 'examined' | 'problems'>;

/** The checks of the doctor that follow a sign-in as far as it goes without a browser. */
const signInChecks: readonly string[] = [
  'jwks-keys',
  'login',
  'request-object',
  'redirect-uri',
  'registration',
  'identity-registration',
  'clock',
  'cookies',
  'callback',
  'userinfo',
  'logout',
  'backchannel-logout',
];

/** @throws CommandError unless the config is for One Login's integration environment */
export function requireIntegration({ environment }: Pick<DeploymentConfig, 'environment'>): void {
  if (environment === 'integration') return;
  throw new CommandError(
    `environment: ${environment} is not for a smoke test, which destroys what it deploys. Use a config with "environment": "integration"`,
  );
}

/**
 * Examines the account before anything is made.
 *
 * @returns the id of the account
 * @throws CommandError if it is another account, is not bootstrapped, or has the stack already
 */
export async function examineAccount(config: DeploymentConfig, aws: Account): Promise<string> {
  const account = await aws.readAccount();
  if (config.account !== undefined && config.account !== account) {
    throw new CommandError(
      `the credentials belong to the account ${account}, and the config is for ${config.account}`,
    );
  }
  if (!(await aws.hasStack('CDKToolkit'))) {
    throw new CommandError(
      `the account ${account} is not bootstrapped in ${config.region}: run npx cdk bootstrap aws://${account}/${config.region}`,
    );
  }
  const stack = buildStackName(config);
  if (await aws.hasStack(stack)) {
    throw new CommandError(
      `the account ${account} has a stack ${stack} already, and a smoke test would destroy it. Choose another "name" in the config`,
    );
  }
  return account;
}

/**
 * Deploys a config, examines the deployment, signs in as far as it goes without a browser, and destroys it. It always
 * destroys, also after a failure.
 */
export async function smoke(config: DeploymentConfig, stage: Stage): Promise<readonly Step[]> {
  const { directory, cdk, signal } = stage;
  const steps: Step[] = [];
  const take = async (name: string, command: string, act: () => Promise<Findings>): Promise<boolean> => {
    const started = stage.now();
    const findings = await act().catch((error: unknown) => ({
      examined: [],
      problems: [stage.signal.aborted ? 'it was interrupted' : describeError(error)],
    }));
    const step: Step = {
      name,
      command,
      seconds: Math.round((stage.now() - started) / 1000),
      outcome: findings.problems.length === 0 ? 'pass' : 'fail',
      ...findings,
    };
    steps.push(step);
    stage.report(step);
    return step.outcome === 'pass';
  };

  const isWritten = await take('synthesise', 'cdk synth', async () => {
    await stage.synthesise(directory, signal);
    return { examined: ['the template can be synthesised, and the functions bundled'], problems: [] };
  });
  if (!isWritten) return steps;
  let publicUrl = '';
  try {
    const isDeployed = await take('deploy', 'cdk deploy', async () => {
      const outputs = join(directory, 'outputs.json');
      const options = ['--require-approval', 'never', '--outputs-file', outputs];
      await cdk(['deploy', '--app', directory, ...options], signal);
      publicUrl = JSON.parse(await readFile(outputs, 'utf8'))[buildStackName(config)].PublicUrl;
      return {
        examined: [`CloudFormation completed the stack, whose PublicUrl is ${publicUrl}`],
        problems: [],
      };
    });
    if (isDeployed && !signal.aborted) await examineDeployment();
  } finally {
    await destroy(config, stage, take);
  }
  return steps;

  async function examineDeployment(): Promise<void> {
    const userAgent = buildUserAgent(config.serviceUrl ?? publicUrl);
    const results: CheckResult[] = [];
    await take('doctor', 'one-login doctor', async () => {
      results.push(...(await examine({ config, publicUrl, userAgent }, stage.transport)));
      return listFindings(results.filter(({ id }) => !signInChecks.includes(id)));
    });
    await take('sign-in without a browser', 'one-login doctor', async () => {
      const seen = listFindings(results.filter(({ id }) => signInChecks.includes(id)));
      const problem = await refuseAtOneLogin(publicUrl, userAgent, stage.transport);
      return {
        examined: [...seen.examined, 'callback with access_denied and the cookie of the attempt'],
        problems: [...seen.problems, ...(problem === undefined ? [] : [problem])],
      };
    });
  }
}

function listFindings(results: readonly CheckResult[]): Findings {
  const failed = results.filter(
    // What could not be checked because of another failure has not passed.
    ({ status, found }) => status === 'fail' || (status === 'skip' && found.startsWith('first solve ')),
  );
  return {
    examined: results.map(({ id, status, found }) => `${status} ${id}: ${found}`),
    problems: failed.map(({ id, found }) => `${id}: ${found}`),
  };
}

async function destroy(
  config: DeploymentConfig,
  { aws, cdk, directory }: Stage,
  take: (name: string, command: string, act: () => Promise<Findings>) => Promise<boolean>,
): Promise<void> {
  const stack = buildStackName(config);
  const never = new AbortController().signal;
  let resources: readonly StackResource[] = [];
  await take('destroy', 'cdk destroy', async () => {
    // Whatever cannot be read, the stack is destroyed.
    const problems: string[] = [];
    try {
      if (!(await aws.hasStack(stack))) return { examined: [`there is no stack ${stack}`], problems };
      resources = await aws.listStackResources(stack);
    } catch (error) {
      problems.push(`what the stack has could not be listed: ${describeError(error)}`);
    }
    await cdk(['destroy', '--force', '--app', directory], never);
    if (await aws.hasStack(stack)) problems.push(`the stack ${stack} still exists`);
    return { examined: [`CloudFormation deleted ${resources.length} resources`], problems };
  });
  await take('what is left', 'AWS API calls', async () => {
    const { Resources: template } = JSON.parse(
      await readFile(join(directory, `${stack}.template.json`), 'utf8'),
    );
    const isKept = (id: string) => template[id]?.DeletionPolicy === 'Retain';
    const examined: string[] = [];
    const problems: string[] = [];
    const note = (id: string, text: string) => (isKept(id) ? examined : problems).push(text);
    for (const { logicalId, physicalId, type } of resources) {
      if (type === 'AWS::KMS::Key') {
        const state = await aws.readKeyState(physicalId);
        if (state === 'PendingDeletion') examined.push(`${type} ${physicalId} is scheduled for deletion`);
        else if (state !== undefined) {
          note(
            logicalId,
            `${type} ${physicalId} is ${state}${isKept(logicalId) ? ': the template keeps it' : ''}`,
          );
        }
      } else if (type === 'AWS::DynamoDB::Table') {
        if (await aws.hasTable(physicalId)) note(logicalId, `${type} ${physicalId} is left`);
      } else if (isKept(logicalId)) examined.push(`${type} ${physicalId} is kept by the template`);
    }
    // Lambda makes a log group itself when a function writes after its own is deleted.
    const groups = await Promise.all([stack, `/aws/lambda/${stack}`].map((each) => aws.listLogGroups(each)));
    const kept = new Set(
      resources.filter(({ logicalId }) => isKept(logicalId)).map((each) => each.physicalId),
    );
    problems.push(
      ...groups
        .flat()
        .filter((each) => !kept.has(each))
        .map((each) => `the log group ${each} is left`),
    );
    return { examined: examined.length === 0 ? ['nothing'] : examined, problems };
  });
}
