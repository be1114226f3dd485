import type { Status } from './check.ts';
import type { CheckResult } from './examine.ts';

/** Counts the checks by status. */
export function countResults(results: readonly CheckResult[]): Readonly<Record<Status, number>> {
  const count = (status: Status) => results.filter((result) => result.status === status).length;
  return { pass: count('pass'), warn: count('warn'), fail: count('fail'), skip: count('skip') };
}

/** Formats the report for programs. */
export function formatResultsAsJson(publicUrl: string, results: readonly CheckResult[]): string {
  const counts = countResults(results);
  return JSON.stringify({ good: counts.fail === 0, publicUrl, counts, checks: results }, undefined, 2);
}

/** Formats the report for people. */
export function formatResultsAsText(publicUrl: string, results: readonly CheckResult[]): string {
  const { pass, warn, fail, skip } = countResults(results);
  const lines = results.flatMap((result) => [
    `${result.status}  ${result.id}: ${result.title}`,
    `      ${result.found}`,
    ...('cure' in result ? [`      → ${result.cure}`] : []),
  ]);
  const summary = `${pass} passed, ${warn} with a warning, ${fail} failed, ${skip} not checked`;
  return [publicUrl, '', ...lines, '', summary].join('\n');
}
