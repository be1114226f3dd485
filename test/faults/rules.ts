/** Compares what happened in a cell with what must happen. */
import { isDeepStrictEqual } from 'node:util';
import { type ErrorCode, errorTable } from '../../lambdas/core/errors.ts';
import { english } from '../../lib/pages/texts/english.ts';
import { leaksIn } from '../support/leaks.ts';
import type { CallerResponse } from './caller-response.ts';
import type { Row, Rows } from './database.ts';
import { determineExpectation, type Expectation } from './expectations.ts';
import type { FlowKind } from './flows.ts';
import { findLogProblems } from './log-rules.ts';
import type { Cell, Observed } from './matrix.ts';
import { findNextTryProblems } from './next-try.ts';

/**
 * @param cell undefined when nothing went wrong
 * @returns what is not as it should be; makes the next try as well
 */
export async function findProblems(observed: Observed, cell: Cell | undefined): Promise<readonly string[]> {
  const { response, world, pending } = observed;
  if (response === undefined) return ['there was no response within 15 seconds'];
  const expected = determineExpectation(cell);
  const wasUsual = isUsual(observed, response);
  return [
    ...findAnswerProblems(observed, response, expected),
    ...findLogProblems(observed, cell, response, expected, wasUsual),
    ...findRowProblems(observed, cell, wasUsual),
    ...findSecrets(observed, response),
    ...world.log.late.map((late) => `after the response: ${late}`),
    ...pending.map((call) => `never ended: ${call}`),
    ...(await findNextTryProblems(observed, cell, wasUsual)),
  ];
}

function isUsual({ prepared }: Observed, { status, location, code }: CallerResponse): boolean {
  const { usual } = prepared.flow;
  return (
    status === usual.status && location.startsWith(usual.location ?? '') && code === (usual.code ?? code)
  );
}

const headings = english.pages;

function findAnswerProblems(
  observed: Observed,
  response: CallerResponse,
  { outcome, codes }: Expectation,
): string[] {
  const { prepared } = observed;
  const wasUsual = isUsual(observed, response);
  if (wasUsual)
    return outcome === 'refused' ? [`the response was as usual, and not ${codes.join(' or ')}`] : [];
  if (outcome === 'usual') return [`the response was ${describe(response)}, and not as usual`];
  const problems: string[] = [];
  if (response.setsCookies) problems.push('the response sets cookies');
  const matching = codes.filter((code) => reportsCode(prepared.flow.kind, response, code));
  if (matching.length === 0)
    problems.push(`the response was ${describe(response)}, and not ${codes.join(' or ')}`);
  if (prepared.flow.kind === 'refresh' || prepared.flow.name.startsWith('authorizer')) return problems;
  if (response.status > 500 && !(Number(response.headers['Retry-After']) > 0))
    problems.push('the response has no Retry-After');
  if (response.headers['Cache-Control'] !== 'no-store') problems.push('the response may be stored');
  return problems;
}

/** Whether a response to a caller of this kind reports that code as it must. */
function reportsCode(
  kind: FlowKind,
  { status, heading, code: reportedCode }: CallerResponse,
  code: ErrorCode,
): boolean {
  const { status: statusOfCode, page } = errorTable[code];
  switch (kind) {
    case 'begin':
    case 'callback':
      return status === statusOfCode && heading === headings[page].title;
    case 'logout':
      return status === statusOfCode && heading === headings['sign-out-problem'].title;
    case 'session':
      return reportedCode === code && [statusOfCode, 500].includes(status);
    default:
      return reportedCode === code && status === 500;
  }
}

function describe({ status, location, heading, code }: CallerResponse): string {
  return [status, heading || code || location].join(' ');
}

function findSecrets({ world, prepared, cookies, lines }: Observed, response: CallerResponse): string[] {
  const values = [...prepared.cookies, ...cookies].map(
    ([name, value], index) => [`cookie ${index} ${name}`, value] as const,
  );
  const { sub, coreIdentity, userinfo } = prepared.provider;
  const secrets = {
    ...Object.fromEntries(world.behind.secrets),
    ...Object.fromEntries(values),
    sub,
    email: String(userinfo['email']),
    ...(coreIdentity === undefined ? {} : { name: 'Mary Anne', 'family name': 'O’Brien' }),
  };
  const inLog = leaksIn(lines.join('\n'), secrets).map((leak) => `in the log: ${leak}`);
  // The user may read their own claims.
  const mayContainClaims = response.status === 200 && prepared.flow.kind === 'session';
  return mayContainClaims
    ? inLog
    : [...inLog, ...leaksIn(response.body, secrets).map((leak) => `on the page: ${leak}`)];
}

const readSessions = (rows: Rows) =>
  rows.sessions.filter(({ item }) => String(item?.['S']).startsWith('session#'));
const readAttempts = (rows: Rows) => rows['login-attempts'].filter(({ nonce }) => nonce !== undefined);
const readDocuments = (rows: Rows) =>
  rows['provider-documents'].flatMap(({ item, body }) => (body === undefined ? [] : [String(item?.['S'])]));

/** Everything must be as before, or as it is without a fault. */
function findRowProblems(
  { prepared, rows, response }: Observed,
  cell: Cell | undefined,
  wasUsual: boolean,
): string[] {
  const { flow, rows: before } = prepared;
  const problems: string[] = [];
  const sessions = readSessions(rows);
  const sessionsBefore = readSessions(before);
  const counted = `${sessions.length} sessions are left of ${sessionsBefore.length}`;
  const touchesTheSession = cell?.call.action === 'DeleteItem';
  switch (flow.kind) {
    case 'begin':
      if (!isDeepStrictEqual(sessions, sessionsBefore)) problems.push('sessions have changed');
      if (readAttempts(rows).length > readAttempts(before).length + 1)
        problems.push('there are two attempts');
      break;
    case 'callback': {
      const old = sessions.filter((row) => sessionsBefore.some((earlier) => isSameRow(row, earlier)));
      if (!wasUsual && !isDeepStrictEqual(sessions, sessionsBefore))
        problems.push(`no browser has a new session, and ${counted}`);
      if (wasUsual && sessions.length - old.length !== 1)
        problems.push(`${sessions.length - old.length} sessions are new`);
      if (wasUsual && old.length > 0 && !touchesTheSession) problems.push('the old session is left');
      break;
    }
    case 'session':
      if (!isDeepStrictEqual(sessions.map(withoutIdle), sessionsBefore.map(withoutIdle)))
        problems.push('sessions have changed');
      break;
    case 'logout':
      if (wasUsual && sessions.length > 0) problems.push(`the user was signed out, and ${counted}`);
      if (!wasUsual && sessions.length === 0 && !touchesTheSession)
        problems.push(`the user was not signed out, and ${counted}`);
      break;
    case 'backchannel':
      if (wasUsual && sessions.length !== flow.usual.sessions)
        problems.push(`the response was ${response?.status}, and ${counted}`);
      break;
    case 'refresh':
      break;
  }
  const documents = readDocuments(rows);
  if (!readDocuments(before).every((name) => documents.includes(name)))
    problems.push('a document is missing');
  return problems;
}

function isSameRow(row: Row, other: Row): boolean {
  return isDeepStrictEqual(row['item'], other['item']);
}

function withoutIdle({ idle_expires_at: _, ...row }: Row): Row {
  return row;
}
