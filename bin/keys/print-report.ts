import { isGood, type KeysReport } from './inspect-keys.ts';
import type { Step, Target, Verdict } from './steps.ts';

/** The report for programs. Times are ISO 8601. */
export function formatKeysAsJson(report: KeysReport): string {
  const { deployment, now, jwks, keys, wanted, changes, next, problems } = report;
  const steps = (list: readonly Step[]) =>
    list.map(({ verdict, ...step }) => ({
      ...step,
      verdict: verdict.kind,
      why: verdict.why,
      ...(verdict.kind === 'too-early' ? { notBefore: iso(verdict.notBefore) } : {}),
    }));
  return JSON.stringify(
    {
      good: isGood(report),
      deployment,
      at: iso(now),
      jwks,
      keys: keys.map(({ createdAt, since, inJwksSince, ...key }) => ({
        ...key,
        createdAt: iso(createdAt),
        since: iso(since),
        ...(inJwksSince === undefined ? {} : { inJwksSince: iso(inJwksSince) }),
      })),
      wanted,
      changes: steps(changes),
      next: steps(next),
      problems,
    },
    undefined,
    2,
  );
}

/** The report for people. */
export function formatKeysAsText(report: KeysReport, source: string): string {
  const { deployment, now, jwks, keys, wanted, changes, next, problems } = report;
  const rows = keys.map(({ name, state, since, inJwksSince, createdAt, keyState, keyId }) => [
    name,
    state,
    formatAge(since, now),
    inJwksSince === undefined ? '-' : formatAge(inJwksSince, now),
    formatAge(createdAt, now),
    keyState,
    keyId,
  ]);
  const list = JSON.stringify(wanted.map(({ name, state }) => ({ name, state })));
  const verdict = isGood(report) ? 'May be deployed now.' : 'Do not deploy this now.';
  return [
    `Signing keys of ${deployment}${jwks.kind === 'read' ? `, ${jwks.kids.length} of them in ${jwks.url}` : ''}`,
    '',
    ...(keys.length === 0
      ? ['  none is deployed yet']
      : table([['key', 'state', 'for', 'in JWKS for', 'age', 'in KMS', 'kid'], ...rows])),
    ...section('Wrong', problems),
    ...section(
      'What may be done next',
      next.map((step) => describe(step, now)),
    ),
    ...(changes.length === 0
      ? ['', `${source} asks for what is deployed.`]
      : [
          ...section(
            `What ${source} changes`,
            changes.map((step) => describe(step, now)),
          ),
          '',
          `  "signingKeys": ${list}`,
          '',
          verdict,
        ]),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

const verbs: Readonly<Record<Target, string>> = {
  publish: 'publish',
  sign: 'sign by',
  retire: 'retire',
  remove: 'remove',
};

function describe({ key, from, to, verdict }: Step, now: number): string {
  return `${verbs[to]} ${key} (${from}): ${describeVerdict(verdict, now)}`;
}

function describeVerdict(verdict: Verdict, now: number): string {
  switch (verdict.kind) {
    case 'allowed':
      return `yes; ${verdict.why}`;
    case 'too-early':
      return `too early, not before ${iso(verdict.notBefore)} (in ${formatAge(now, verdict.notBefore)}); ${verdict.why}`;
    case 'refused':
      return `no; ${verdict.why}`;
  }
}

/** Such as `3 days` or `5 h`: never more than has passed. */
function formatAge(from: number, to: number): string {
  const minutes = Math.max(0, Math.floor((to - from) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
