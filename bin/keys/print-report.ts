import { isDeployable, type KeysReport } from './inspect-keys.ts';
import type { Step, Target, Verdict } from './steps.ts';

/** Formats the report for programs. Times are ISO 8601. */
export function formatKeysAsJson(report: KeysReport): string {
  const { deployment, now, jwks, keys, otherKeys, left, wanted, changes, next, problems } = report;
  const steps = (list: readonly Step[]) =>
    list.map(({ verdict: { kind, ...reason }, ...step }) => ({ ...step, verdict: kind, ...reason }));
  const fields = { good: isDeployable(report), deployment, at: now, jwks, keys, otherKeys, left, wanted };
  return JSON.stringify(
    { ...fields, changes: steps(changes), next: steps(next), problems },
    (name, value: unknown) => (typeof value === 'number' && times.has(name) ? formatTime(value) : value),
    2,
  );
}

const times: ReadonlySet<string> = new Set(['at', 'createdAt', 'since', 'inJwksSince', 'notBefore']);

/** Formats the report for people. */
export function formatKeysAsText(report: KeysReport, source: string): string {
  const { deployment, now, jwks, keys, otherKeys, left, wanted, changes, next, problems } = report;
  const others = otherKeys.map(({ kid, inJwksSince }) =>
    inJwksSince === undefined ? `${kid}, not deployed` : `${kid}, in JWKS for ${formatAge(inJwksSince, now)}`,
  );
  const leftKeys = left?.map(
    ({ keyId, createdAt, keyState }) => `${keyId}, ${keyState}, ${formatAge(createdAt, now)} old`,
  ) ?? ['could not be listed: that needs kms:ListKeys and kms:DescribeKey'];
  const rows = keys.map(({ name, state, since, inJwksSince, createdAt, keyState, keyId }) => [
    name,
    state,
    formatAge(since, now),
    inJwksSince === undefined ? '-' : formatAge(inJwksSince, now),
    formatAge(createdAt, now),
    keyState,
    keyId,
  ]);
  const formatSteps = (steps: readonly Step[]) => steps.map((step) => formatStep(step, now));
  const list = JSON.stringify(wanted.map(({ name, state }) => ({ name, state })));
  const verdict = isDeployable(report) ? 'You can deploy this now.' : 'Do not deploy this now.';
  return [
    `Signing keys of ${deployment}${jwks.kind === 'read' ? `, ${jwks.kids.length} of them in ${jwks.url}` : ''}`,
    '',
    ...(keys.length === 0
      ? ['  none is deployed yet']
      : formatTable([['key', 'state', 'for', 'in JWKS for', 'age', 'in KMS', 'kid'], ...rows])),
    ...formatSection('Keys of other systems', others),
    ...formatSection('Left by an earlier deployment, in no stack', leftKeys),
    ...formatSection('Wrong', problems),
    ...formatSection('Next steps', formatSteps(next)),
    ...(changes.length === 0
      ? ['', `${source} matches what is deployed.`]
      : [
          ...formatSection(`What ${source} changes`, formatSteps(changes)),
          '',
          `  "signingKeys": ${list}`,
          '',
          verdict,
        ]),
  ].join('\n');
}

function formatSection(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

const verbs: Readonly<Record<Target, string>> = {
  publish: 'publish',
  sign: 'sign with',
  retire: 'retire',
  remove: 'remove',
};

function formatStep({ key, from, to, verdict }: Step, now: number): string {
  return `${verbs[to]} ${key} (${from}): ${formatVerdict(verdict, now)}`;
}

function formatVerdict(verdict: Verdict, now: number): string {
  switch (verdict.kind) {
    case 'allowed':
      return `yes; ${verdict.why}`;
    case 'too-early':
      return `too early, not before ${formatTime(verdict.notBefore)} (in ${formatAge(now, verdict.notBefore)}); ${verdict.why}`;
    case 'refused':
      return `no; ${verdict.why}`;
  }
}

/** Formats an age such as `3 days` or `5 h`, rounded down. */
function formatAge(from: number, to: number): string {
  const minutes = Math.max(0, Math.floor((to - from) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
