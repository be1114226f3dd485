/** What all commands share: their options, and how they end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { styleText } from 'node:util';
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { ConfigError } from '../lib/config/mistakes.ts';
import { buildStackName } from '../lib/config/stack-name.ts';
import { checkPublicUrl } from '../lib/config/urls.ts';
import { isCompiled, packageRoot } from '../lib/package-root.ts';

export const exitCodes = { good: 0, bad: 1, unknown: 2, missingTool: 3 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const exitCodeHelp = `
Exit codes:
  0  good
  1  something is wrong
  2  wrong usage, or the command could not run
  3  a tool is missing on this machine`;

/** A command cannot do its task. The message shows a person why, and what to do. */
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
 * The installed package runs on any Node that strips types, which projects of `one-login init` need.
 *
 * @param version such as `process.versions.node`
 * @returns what to do if this Node is too old
 */
export function findNodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `Node ${version} is too old: one-login needs Node 22.18 or later. Install it from https://nodejs.org`;
}

/**
 * Runs a command line to its end. Commands set `process.exitCode` if it is not 0. It prints only the message of an error
 * that a person can solve.
 *
 * @param program with its commands
 */
export async function runProgram(program: Command): Promise<void> {
  const problem = findNodeProblem(process.versions.node);
  if (problem !== undefined) {
    console.error(problem);
    process.exitCode = exitCodes.missingTool;
    return;
  }
  returnToCaller();
  const pipe = endOnClosedPipe();
  for (const command of [program, ...program.commands]) configure(command);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = reportError(error, program);
  }
  if (pipe.isClosed) process.exitCode = exitCodes.good;
}

/** npm runs the scripts of a clone in its root. Paths are relative to where the user stands. */
function returnToCaller(): void {
  const { INIT_CWD: caller } = process.env;
  if (!isCompiled && caller !== undefined) process.chdir(caller);
}

/**
 * Ends the process when its output is closed, as after `| head -1`. A command that cleans up on SIGTERM does so
 * here as well.
 */
function endOnClosedPipe(): { readonly isClosed: boolean } {
  const pipe = { isClosed: false };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // Windows has EOF.
      if (error.code !== 'EPIPE' && error.code !== 'EOF') throw error;
      pipe.isClosed = true;
      if (!process.emit('SIGTERM')) process.exit(exitCodes.good);
    });
  }
  return pipe;
}

function configure(command: Command): void {
  const { version }: { version: string } = JSON.parse(
    readFileSync(join(packageRoot, 'package.json'), 'utf8'),
  );
  command.version(version).addHelpText('after', exitCodeHelp).exitOverride();
}

/** @returns the exit code */
function reportError(error: unknown, program: Command): number {
  if (error instanceof CommanderError) {
    // Commander has printed it.
    return error.exitCode === 0 ? exitCodes.good : exitCodes.unknown;
  }
  if (isForPerson(error)) console.error(describeError(error));
  else console.error(`${[program.name(), ...program.args.slice(0, 1)].join(' ')}: unexpected error:`, error);
  return error instanceof CommandError ? error.exitCode : exitCodes.unknown;
}

/** Returns whether a person can solve the problem: our own errors, those of AWS, and those of files and the network. */
export function isForPerson(error: unknown): error is Error {
  return (
    error instanceof CommandError ||
    error instanceof ConfigError ||
    (error instanceof Error &&
      ('syscall' in error || '$metadata' in error || error.name.startsWith('Credentials')))
  );
}

/** Includes the name of an error of AWS. Its message names the user and the missing permission. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  const text = name.endsWith('Exception') || name.startsWith('Credentials') ? `${name}: ${message}` : message;
  return cause === undefined ? text : `${text}: ${describeError(cause)}`;
}

const statusColours = { pass: 'green', warn: 'yellow', fail: 'red', FAIL: 'red', skip: 'gray' } as const;

/** Prints a report. On a terminal, the status at the beginning of a line has a colour. */
export function printReport(text: string): void {
  const paint = (status: string) => styleText(statusColours[status as keyof typeof statusColours], status);
  console.log(text.replaceAll(/^(pass|warn|fail|FAIL|skip)(?= )/gm, paint));
}

/** Reads the value of an option that is allowed once. */
export function readOnce(value: string, previous: unknown): string {
  if (previous !== undefined) throw new InvalidArgumentError('It is given more than once.');
  if (value === '' || value.startsWith('--')) throw new InvalidArgumentError('Its value is missing.');
  return value;
}

/** The option `--config`. */
export function buildConfigOption(): Option {
  return new Option('--config <file>', 'the config file of the deployment')
    .argParser(readOnce)
    .makeOptionMandatory();
}

/** The option `--public-url`, for {@link readPublicUrl}. */
export function buildPublicUrlOption(): Option {
  return new Option(
    '--public-url <url>',
    "the public URL up to and including /auth, if it is the API's own address",
  ).argParser(readOnce);
}

/** The option `--json`. */
export function buildJsonOption(): Option {
  return new Option('--json', 'print JSON, for programs');
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
    `the config has no publicUrl, so it is the API's own address: use --public-url with the output PublicUrl of the stack ${buildStackName(config)} (cdk deploy prints it, and CloudFormation shows it)`,
  );
}

/** Returns the API's own address up to and including `/auth`, from `--api-url`. @throws CommandError if it is not such a URL */
export function readApiUrl(option: string | undefined): string | undefined {
  const mistake = option === undefined ? undefined : checkPublicUrl(option);
  if (mistake !== undefined) throw new CommandError(`--api-url: ${option} ${mistake}`);
  return option;
}

/** Reads the number in an option. @throws InvalidArgumentError if it is not one, or too large */
export function readNumber(text: string, atMost = Number.MAX_SAFE_INTEGER): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value <= atMost) return value;
  throw new InvalidArgumentError(`Allowed: ${atMost === 1 ? '0 to 1' : 'a number, 0 or more'}.`);
}

/** Uses a file of the user. @throws CommandError with the option and what it cannot do */
export function useFile<Result>(option: string, verb: 'read' | 'written', use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw new CommandError(`--${option}: the file cannot be ${verb}: ${(error as Error).message}`);
  }
}
