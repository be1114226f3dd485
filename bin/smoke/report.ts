import type { Step } from './smoke.ts';

/** The evidence of a smoke test. */
export interface SmokeReport {
  readonly good: boolean;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The version of the package `one-login-lambda`. */
  readonly version: string;
  /** The commit of the directory where the command ran, if that is a Git repository. */
  readonly commit?: string;
  readonly config: string;
  readonly account: string;
  readonly region: string;
  readonly steps: readonly Step[];
  readonly remains: readonly string[];
}

/** What no command can do. */
export const remainsForPerson: readonly string[] = [
  'Sign in with a browser and a test user of One Login, read userinfo, and sign out.',
  'If the config has identity, prove one with a test user.',
  'Read each "warn" and "skip" of the doctor in this report.',
  'Schedule the deletion of signing keys that are left, if there are any.',
];

/** Formats the report for people. */
export function formatSmokeReport({ steps, remains, ...report }: SmokeReport): string {
  return [
    `# Smoke test: ${report.good ? 'pass' : 'FAIL'}`,
    '',
    '| what | value |',
    '|---|---|',
    `| started | ${report.startedAt} |`,
    `| version | ${report.version} |`,
    `| commit | ${report.commit ?? 'not a Git repository'} |`,
    `| config | ${report.config} |`,
    `| account | ${report.account} |`,
    `| region | ${report.region} |`,
    '',
    '| step | command | duration | outcome |',
    '|---|---|---|---|',
    ...steps.map(
      ({ name, command, seconds, outcome }) => `| ${name} | \`${command}\` | ${seconds} s | ${outcome} |`,
    ),
    ...steps.flatMap(({ name, examined, problems }) => [
      '',
      `## ${name}`,
      '',
      ...problems.map((each) => `- **FAIL** ${each.replaceAll('\n', '\n  ')}`),
      ...examined.map((each) => `- ${each}`),
    ]),
    '',
    '## What you still have to do',
    '',
    ...remains.map((each) => `- ${each}`),
    '',
  ].join('\n');
}
