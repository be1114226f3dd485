import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { Command } from 'commander';
import { isLoopback } from '../lambdas/core/urls.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { checkOrigin } from '../lib/config/urls.ts';
import {
  buildConfigOption,
  buildJsonOption,
  buildPublicUrlOption,
  CommandError,
  type ExitCode,
  exitCodes,
  readOnce,
  requirePublicUrl,
  useFile,
} from './command.ts';
import { type FilledDraft, fillDraft } from './register/fill-draft.ts';
import { buildRegistration, type Entry } from './register/registration.ts';

interface Options {
  readonly config: string;
  readonly publicUrl?: string;
  readonly sectorIdentifier?: string;
  readonly draft?: string;
  readonly out?: string;
  readonly json?: boolean;
}

export const command: Command = new Command('register')
  .description(
    'Prints everything to register at One Login. With --draft it fills in the JSON that One Login sends for production, and exits with 1 if something is left to do.',
  )
  .addOption(buildConfigOption())
  .addOption(buildPublicUrlOption())
  .option('--sector-identifier <url>', 'the sector identifier that you have chosen', readOnce)
  .option('--draft <file>', 'the JSON that One Login sent, to fill in', readOnce)
  .option('--out <file>', 'a new file for the filled-in draft', readOnce)
  .addOption(buildJsonOption())
  .addHelpText('after', '\nExample:\n  $ one-login register --config config/integration.json')
  .action(register);

function register({ draft, out, json = false, ...options }: Options): void {
  const config = loadConfig(options.config);
  const publicUrl = requirePublicUrl(config, options.publicUrl);
  requireReachable(config, publicUrl);
  const registration = buildRegistration(config, publicUrl, requireOrigin(options.sectorIdentifier));
  if (draft !== undefined) {
    process.exitCode = fillDraftFile(config, draft, requireOut(out), registration, json);
    return;
  }
  console.log(json ? formatRegistrationAsJson(registration) : formatRegistrationAsText(registration));
}

function fillDraftFile(
  { environment }: DeploymentConfig,
  draft: string,
  out: string,
  registration: readonly Entry[],
  json: boolean,
): ExitCode {
  if (environment !== 'production') {
    throw new CommandError(`--draft: drafts are for production, but the config is for ${environment}`);
  }
  const text = useFile('draft', 'read', () => readFileSync(draft, 'utf8'));
  const filled = fillDraft(text, registration);
  const document = `${JSON.stringify(filled.document, undefined, 2)}\n`;
  // Never replaces a file, which could be the draft.
  useFile('out', 'written', () => writeFileSync(out, document, { flag: 'wx' }));
  const { filled: attributes, open } = filled;
  console.log(json ? JSON.stringify({ filled: attributes, open }, undefined, 2) : formatDraft(filled));
  return open.length === 0 ? exitCodes.good : exitCodes.bad;
}

function requireOut(out: string | undefined): string {
  if (out !== undefined) return out;
  throw new CommandError('--out is missing: the file for the filled-in draft');
}

/** One Login accepts no path in a sector identifier. */
function requireOrigin(url: string | undefined): string | undefined {
  const mistake = url === undefined ? undefined : checkOrigin(url);
  if (mistake === undefined) return url;
  throw new CommandError(`--sector-identifier: ${url} ${mistake}`);
}

/** One Login requires "production-grade URLs". */
function requireReachable({ environment }: DeploymentConfig, publicUrl: string): void {
  if (environment !== 'production' || !isLoopback(publicUrl)) return;
  throw new CommandError(`--public-url: ${publicUrl} is an address that users cannot reach in production`);
}

/** Formats the registration for programs: attribute → value, null if a person has to decide. */
function formatRegistrationAsJson(registration: readonly Entry[]): string {
  const members = registration.map(({ attribute, value }) => [attribute, value ?? null] as const);
  return JSON.stringify(Object.fromEntries(members), undefined, 2);
}

/** Formats the registration for people, who copy it into the admin tool. */
function formatRegistrationAsText(registration: readonly Entry[]): string {
  return registration.map(formatEntry).join('\n');
}

function formatEntry({ label, attribute, value, note }: Entry): string {
  const values = value === undefined ? ['(for you to decide)'] : [value].flat().map(formatValue);
  return [
    `${label} (${attribute})${note === undefined ? '' : `: ${note}`}`,
    ...values.map((each) => `    ${each}`),
  ].join('\n');
}

function formatValue(value: string | boolean): string {
  if (typeof value === 'string') return value;
  return value ? 'yes (true)' : 'no (false)';
}

/** Formats what was filled in, and what is left to do. */
function formatDraft({ filled, open }: FilledDraft): string {
  return [
    `filled in: ${filled.join(', ') || 'nothing'}`,
    ...open.map(({ kind, attribute, message }) => `${kind}  ${attribute}: ${message}`),
    open.length === 0
      ? 'The document matches the config: send it back to One Login.'
      : 'Solve these before you send it back to One Login.',
  ].join('\n');
}
