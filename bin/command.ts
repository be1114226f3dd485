/** What the command-line tools share: how they read what they are about, and how they fail. */

import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';
import { buildStackName } from '../lib/config/stack-name.ts';
import { checkPublicUrl } from '../lib/config/urls.ts';

/** What the exit code of a command says. */
export const exitCodes = { good: 0, bad: 1, unknown: 2, missingTool: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command can't do what it was asked for; the message tells a person why, and what to do. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: ExitCode = exitCodes.unknown;
}

/** It needs a program that this machine does not have, and has not been done. */
export class MissingToolError extends CommandError {
  override readonly name = 'MissingToolError';
  override readonly exitCode = exitCodes.missingTool;
}

/**
 * Runs a command: its result becomes the exit code, and whatever a person can do something about a message.
 *
 * @param usage what to say when an option is unknown or missing
 */
export async function runCommand(usage: string, command: () => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = error instanceof CommandError ? error.exitCode : exitCodes.unknown;
    if (error instanceof CommandError || error instanceof ConfigError) console.error(error.message);
    else if (isUsageError(error)) console.error(`${error.message}\n${usage}`);
    else console.error(error);
  }
}

/** The value of `--config`. */
export function requireConfigPath(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new CommandError(
    '--config is missing: the config file of the deployment, such as config/production.json',
  );
}

/**
 * The outside URL up to and with `/auth`: of the config, or of `--public-url` where the deployment derives it from the
 * API, which only AWS knows.
 *
 * @returns undefined when neither says it
 * @throws CommandError when the two differ, or the option is no such URL
 */
export function readPublicUrl(
  { publicUrl }: Pick<DeploymentConfig, 'publicUrl'>,
  option: string | undefined,
): string | undefined {
  if (option === undefined) return publicUrl;
  const mistake = checkPublicUrl(option);
  if (mistake !== undefined) throw new CommandError(`--public-url: ${option} ${mistake}`);
  if (publicUrl !== undefined && publicUrl !== option) {
    throw new CommandError(`--public-url: ${option} contradicts the config, whose publicUrl is ${publicUrl}`);
  }
  return option;
}

/** As {@link readPublicUrl}, for commands that are lost without it. */
export function requirePublicUrl(config: DeploymentConfig, option: string | undefined): string {
  const publicUrl = readPublicUrl(config, option);
  if (publicUrl !== undefined) return publicUrl;
  throw new CommandError(
    `the config has no publicUrl, so it follows from the API: pass --public-url with the output PublicUrl of the stack ${buildStackName(config)} (cdk deploy prints it, and CloudFormation shows it)`,
  );
}

/**
 * The API's own address up to and with `/auth`, of `--api-url`.
 *
 * @throws CommandError when the option is no such URL
 */
export function readApiUrl(option: string | undefined): string | undefined {
  const mistake = option === undefined ? undefined : checkPublicUrl(option);
  if (mistake !== undefined) throw new CommandError(`--api-url: ${option} ${mistake}`);
  return option;
}

function isUsageError(error: unknown): error is Error {
  const { code }: { code?: unknown } = Object(error);
  return error instanceof Error && typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}
