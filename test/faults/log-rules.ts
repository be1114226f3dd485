/** Checks the log: it must contain each failure once, under its code, and no success that did not happen. */
import { type ErrorCode, errorTable } from '../../lambdas/core/errors.ts';
import type { CallerResponse } from './caller-response.ts';
import type { Expectation } from './expectations.ts';
import type { Cell, Observed } from './matrix.ts';

type Line = Readonly<Record<string, unknown>>;

export function findLogProblems(
  { prepared, lines }: Observed,
  cell: Cell | undefined,
  response: CallerResponse,
  { outcome, codes, noted }: Expectation,
  wasUsual: boolean,
): string[] {
  const log = lines.map((line) => JSON.parse(line) as Line);
  const { kind, name } = prepared.flow;
  const failure = kind === 'refresh' ? 'refresh_failed' : 'refused';
  const failures = log.filter(({ event }) => event === failure);
  const problems: string[] = [];
  const total = (metric: string) =>
    log.reduce((sum, line) => sum + (line['_aws'] === undefined ? 0 : Number(line[metric] ?? 0)), 0);
  const expectTotal = (metric: string, expected: number) => {
    const found = total(metric);
    if (found !== expected) problems.push(`metric ${metric} is ${found}, and not ${expected}`);
  };

  const succeeded = wasUsual && response.status < 400;
  if (wasUsual) {
    if (succeeded && failures.length > 0) problems.push(`a request that went well is logged as ${failure}`);
    const warnings = log.filter(
      ({ level, code }) => level !== undefined && level !== 'info' && code !== undefined,
    );
    if (noted && warnings.length === 0) problems.push('the log does not contain what failed');
  } else if (outcome !== 'usual') {
    const found = failures.map(({ code }) => String(code));
    const [code] = found;
    if (found.length !== 1 || !codes.some((each) => each === code)) {
      problems.push(`the log has ${failure} [${found.join(', ')}], and not ${codes.join(' or ')} once`);
    } else if (failures[0]?.['fault'] !== errorTable[code as ErrorCode].fault) {
      problems.push(`the fault in the log is ${String(failures[0]?.['fault'])}`);
    }
  }

  const success = Number(succeeded);
  switch (kind) {
    case 'begin':
      expectTotal('started', wasUsual && response.location.startsWith('https://') ? 1 : 0);
      break;
    case 'callback':
      expectTotal('signed_in', success);
      if (wasUsual) expectTotal('returned', 1);
      expectTotal('replaced_sessions_left', Number(noted));
      break;
    case 'logout':
      expectTotal('signed_out', success);
      break;
    case 'backchannel':
      expectTotal('logout_accepted', success);
      expectTotal('logout_failed', Number(!wasUsual));
      expectTotal('logout_refused', Number(wasUsual) - success);
      break;
    case 'refresh':
      // The age of a document that can't be read is unknown. The alarm counts missing data as too old.
      if (cell?.call.action !== 'Query' && !log.some((line) => line['document_age'] !== undefined))
        problems.push('there is no metric document_age');
      break;
    case 'session':
      if (name.startsWith('authorizer')) expectTotal('authorizer_decisions', success);
      break;
  }
  expectTotal(kind === 'refresh' ? 'refresh_failed' : 'refused', 1 - success);
  return problems;
}
