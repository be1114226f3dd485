import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ReadableLog, toJsonLine } from '../../local/log-line.ts';

describe('toJsonLine', () => {
  test('returns a line that is a JSON object', () => {
    expect(toJsonLine('{"level":"info"}')).toBe('{"level":"info"}');
  });

  test.each(['plain words', '3', 'null', '["a"]', '{"broken"', ''])(
    'returns an object with %p as its message',
    (line) => {
      expect(JSON.parse(toJsonLine(line))).toEqual({ message: line });
    },
  );
});

describe('the readable log', () => {
  const requestId = '1a2b3c4d-0000-4000-8000-000000000000';
  let printed: string[];
  let log: ReadableLog;
  beforeEach(() => {
    printed = [];
    const print = (line: string) => printed.push(stripVTControlCharacters(line));
    log = new ReadableLog(print, () => new Date(2026, 0, 2, 3, 4, 5));
  });
  const add = (fields: object) => log.addLine(JSON.stringify(fields));

  test('has one line for a request, with its time, method, path and status', () => {
    add({ level: 'info', event: 'answered', route: 'login', request_id: requestId, status: 303 });
    log.addAnswer({ requestId, method: 'GET', path: '/auth/login', status: 303, milliseconds: 12.3 });
    expect(printed).toEqual(['03:04:05  GET  /auth/login  303  12 ms']);
  });

  test('has the code and the reference of a refusal in the line of its request', () => {
    const refusal = { code: 'state_unknown', fault: 'caller', status: 400, message: 'the state is unknown' };
    add({ level: 'info', event: 'refused', route: 'callback', request_id: requestId, ...refusal });
    const answer = { method: 'GET', path: '/auth/callback', status: 400, milliseconds: 3 };
    log.addAnswer({ requestId, ...answer });
    log.addAnswer({ requestId: 'another', ...answer });
    expect(printed).toEqual([
      '03:04:05  GET  /auth/callback  400  3 ms  state_unknown (reference 1a2b3c4d, fault of caller)  message: the state is unknown',
      '03:04:05  GET  /auth/callback  400  3 ms',
    ]);
  });

  test('has other lines of functions with their fields', () => {
    add({ level: 'error', event: 'refresh_failed', document: 'jwks', key_ids: ['a'] });
    add({
      timestamp: 'now',
      level: 'ERROR',
      errorType: 'TypeError',
      errorMessage: 'x',
      stackTrace: ['at a'],
    });
    log.addLine('plain words');
    expect(printed).toEqual([
      '03:04:05  error refresh_failed  document: jwks  key_ids: ["a"]',
      '03:04:05  ERROR  errorType: TypeError  errorMessage: x\n  at a',
      '03:04:05  plain words',
    ]);
  });

  test('leaves out metrics, the audit trail and the files of pages', () => {
    add({ _aws: {}, cold_starts: 1 });
    add({ event: 'audit', action: 'signed_in' });
    const asset = { requestId, method: 'GET', path: '/auth/assets/a.css', milliseconds: 1 };
    log.addAnswer({ ...asset, status: 200 });
    expect(printed).toEqual([]);
    log.addAnswer({ ...asset, status: 404 });
    expect(printed).toHaveLength(1);
  });
});
