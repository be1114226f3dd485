/**
 * `npm run register -- --config config/production.json`: prints everything to register at One Login. With
 * `--draft` it fills in the JSON that One Login sends for production, and exits with 1 if something is left to do.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isLoopback } from '../lambdas/core/urls.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { checkOrigin } from '../lib/config/urls.ts';
import {
  CommandError,
  type ExitCode,
  exitCodes,
  requireConfigPath,
  requirePublicUrl,
  runCommand,
  useFile,
} from './command.ts';
import { type FilledDraft, fillDraft } from './register/fill-draft.ts';
import { buildRegistration, type Entry } from './register/registration.ts';

const usage =
  'npm run register -- --config <file> [--public-url <url>] [--sector-identifier <url>] [--json] [--draft <file> --out <file>]';

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      'public-url': { type: 'string' },
      'sector-identifier': { type: 'string' },
      json: { type: 'boolean', default: false },
      draft: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const config = loadConfig(requireConfigPath(values.config));
  const publicUrl = requirePublicUrl(config, values['public-url']);
  requireReachable(config, publicUrl);
  const registration = buildRegistration(config, publicUrl, requireOrigin(values['sector-identifier']));
  if (values.draft !== undefined) {
    return fillDraftFile(config, values.draft, requireOut(values.out), registration, values.json);
  }
  console.log(values.json ? formatRegistrationAsJson(registration) : formatRegistrationAsText(registration));
  return exitCodes.good;
});

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
  throw new CommandError(`--public-url: ${publicUrl} is an address that nobody can reach in production`);
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
