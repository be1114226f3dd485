/** What all commands share: how they read their options, and how they fail. */

import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';
import { buildStackName } from '../lib/config/stack-name.ts';
import { checkPublicUrl } from '../lib/config/urls.ts';

export const exitCodes = { good: 0, bad: 1, unknown: 2, missingTool: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command cannot do its task. The message tells a person why, and what to do. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
  readonly exitCode: ExitCode = exitCodes.unknown;
}

/** A command needs a program that this machine does not have. */
export class MissingToolError extends CommandError {
  override readonly name = 'MissingToolError';
  override readonly exitCode = exitCodes.missingTool;
}

/**
 * Runs a command. Its result becomes the exit code. It prints only the message of an error that a person can solve.
 *
 * @param usage the text for an unknown or missing option
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

/** Returns the value of `--config`. @throws CommandError if it is missing */
export function requireConfigPath(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new CommandError(
    '--config is missing: the config file of the deployment, such as config/production.json',
  );
}

/**
 * Reads the public URL up to and including `/auth` from the config, or from `--public-url` if it is the API's own address,
 * which AWS chooses.
 *
 * @returns undefined if neither has it
 * @throws CommandError if the two differ, or the option is not such a URL
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

/** Like {@link readPublicUrl}, for commands that need it. */
export function requirePublicUrl(config: DeploymentConfig, option: string | undefined): string {
  const publicUrl = readPublicUrl(config, option);
  if (publicUrl !== undefined) return publicUrl;
  throw new CommandError(
    `the config has no publicUrl, so it is the API's own address: pass --public-url with the output PublicUrl of the stack ${buildStackName(config)} (cdk deploy prints it, and CloudFormation shows it)`,
  );
}

/** Returns the API's own address up to and including `/auth`, from `--api-url`. @throws CommandError if it is not such a URL */
export function readApiUrl(option: string | undefined): string | undefined {
  const mistake = option === undefined ? undefined : checkPublicUrl(option);
  if (mistake !== undefined) throw new CommandError(`--api-url: ${option} ${mistake}`);
  return option;
}

/** Reads the number in an option. @throws CommandError if it is not one, or too large */
export function readNumber(option: string, text: string, atMost = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= atMost) return value;
  const limit = atMost === 1 ? '0 to 1' : 'a number, 0 or more';
  throw new CommandError(`--${option}: ${text} is not allowed; allowed: ${limit}`);
}

/** Uses a file of the user. @throws CommandError with the option and what it cannot do */
export function useFile<Result>(option: string, verb: 'read' | 'written', use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw new CommandError(`--${option}: the file cannot be ${verb}: ${(error as Error).message}`);
  }
}

function isUsageError(error: unknown): error is Error {
  const { code }: { code?: unknown } = Object(error);
  return error instanceof Error && typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS');
}
