import { neverEmulated, notEmulated } from './not-emulated.ts';

/** How a step went. */
export function reportStep(step: string, problems: readonly string[]): string {
  return [
    `${problems.length === 0 ? 'pass' : 'FAIL'}  ${step}`,
    ...problems.map((problem) => `      ${problem}`),
  ].join('\n');
}

/** What was left out, and where it is covered instead. */
export function reportLimits(leftOut: ReadonlyMap<string, number>): string {
  return [
    '',
    'What this rehearsal does not show, and what does:',
    ...[...leftOut].map(([kind, count]) => `- ${count} × ${kind}: ${notEmulated[kind]}`),
    ...Object.entries(neverEmulated).map(([what, proof]) => `- ${what}: ${proof}`),
  ].join('\n');
}
