import { describe, expect, jest, test } from '@jest/globals';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import {
  createLogger,
  describeError,
  describeUnknownError,
  type LogFields,
  writeLine,
} from '../../../lambdas/telemetry/logger.ts';

const lines: string[] = [];
const logger = createLogger({ deployment: 'test', write: (line) => lines.push(line), now: () => 1234 });
const lastLine = () => JSON.parse(lines.at(-1) ?? '');

describe('the log', () => {
  test('leaves out every field that is not on its list', () => {
    const fields = { code: 'x', id_token: 'secret', claims: { email: 'secret' } } as LogFields;
    logger.log('info', 'test', fields);
    expect(lastLine()).toEqual({ level: 'info', event: 'test', code: 'x' });
  });

  test('has every field that is on its list', () => {
    const fields: Required<LogFields> = {
      route: 'login',
      request_id: 'id',
      method: 'GET',
      status: 200,
      code: 'unexpected',
      fault: 'caller',
      message: 'text',
      error_name: 'TypeError',
      error_at: 'at x',
      duration_ms: 1,
      cold_start: false,
      document: 'jwks',
      key_ids: ['a'],
      step: 'jwks',
    };
    logger.log('warn', 'test', fields);
    expect(lastLine()).toEqual({ level: 'warn', event: 'test', ...fields });
  });

  test('has metrics in the format of CloudWatch, by deployment and by dimension', () => {
    logger.metric({ refused: 1 }, { code: 'attempt_expired', fault: 'caller' });
    expect(lastLine()).toEqual({
      _aws: {
        Timestamp: 1234,
        CloudWatchMetrics: [
          {
            Namespace: 'OneLogin',
            Dimensions: [
              ['deployment', 'fault'],
              ['deployment', 'code'],
            ],
            Metrics: [{ Name: 'refused', Unit: 'Count' }],
          },
        ],
      },
      deployment: 'test',
      code: 'attempt_expired',
      fault: 'caller',
      refused: 1,
    });
  });

  test('has several metrics in one line, each by its own dimensions', () => {
    logger.metric({ started: 1, signed_in: 0, signed_out: 2 }, { purpose: 'login' });
    const { _aws, ...values } = lastLine();
    expect(values).toEqual({ deployment: 'test', purpose: 'login', started: 1, signed_in: 0, signed_out: 2 });
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'OneLogin',
        Dimensions: [['deployment'], ['deployment', 'purpose']],
        Metrics: [
          { Name: 'started', Unit: 'Count' },
          { Name: 'signed_in', Unit: 'Count' },
        ],
      },
      {
        Namespace: 'OneLogin',
        Dimensions: [['deployment']],
        Metrics: [{ Name: 'signed_out', Unit: 'Count' }],
      },
    ]);
  });

  test('has the collected metrics of a request in one line, once', () => {
    logger.collect('dynamodb_latency', 2.71);
    logger.collect('kms_latency', 12);
    logger.collect('dynamodb_latency', 4);
    const before = lines.length;
    logger.flush();
    logger.flush();
    expect(lines.slice(before)).toHaveLength(1);
    expect(lastLine()).toMatchObject({ dynamodb_latency: [2.7, 4], kms_latency: [12] });
    expect(lastLine()._aws.CloudWatchMetrics).toMatchObject([
      { Dimensions: [['deployment']], Metrics: [{ Name: 'dynamodb_latency' }, { Name: 'kms_latency' }] },
    ]);
  });

  test('has at most as many values of a metric in one line as CloudWatch accepts, and loses none', () => {
    const values = Array.from({ length: 201 }, (_, index) => index);
    for (const value of values) logger.collect('dynamodb_latency', value);
    logger.collect('cold_starts', 1);
    const before = lines.length;
    logger.flush();
    const written = lines.slice(before).map((line) => JSON.parse(line));
    expect(written.map((line) => line.dynamodb_latency.length)).toEqual([100, 100, 1]);
    expect(written.flatMap((line) => line.dynamodb_latency)).toEqual(values);
    expect(written.flatMap((line) => line.cold_starts ?? [])).toEqual([1]);
  });

  test('has the events of the audit trail with their time', () => {
    logger.audit({ action: 'refused', code: 'attempt_expired' }, 'id');
    expect(lastLine()).toEqual({
      event: 'audit',
      action: 'refused',
      at: '1970-01-01T00:00:01.234Z',
      deployment: 'test',
      request_id: 'id',
      code: 'attempt_expired',
    });
  });

  test('has the current time', () => {
    const before = Date.now();
    createLogger({ deployment: 'test', write: (line) => lines.push(line) }).metric({ signed_out: 1 }, {});
    const { Timestamp: at } = lastLine()._aws;
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  test('goes to standard output, because Lambda adds text to what goes through the console', () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const viaConsole = jest.spyOn(console, 'log').mockReturnValue(undefined);
    createLogger({ deployment: 'test' }).log('info', 'test');
    writeLine('{}');
    const calls = [written.mock.calls, viaConsole.mock.calls];
    written.mockRestore();
    viaConsole.mockRestore();
    expect(calls).toEqual([[['{"level":"info","event":"test"}\n'], ['{}\n']], []]);
  });
});

describe('the description of an unexpected error', () => {
  test('contains its class and where it was thrown', () => {
    expect(describeUnknownError(new RangeError('x'))).toEqual({
      error_name: 'RangeError',
      error_at: expect.stringMatching(/^at .*logger\.test\.ts:\d+:\d+/),
    });
  });

  test.each([
    'secret-123',
    'x\n    at secret-123',
    '\n at secret-123\n    at secret-123',
    '    at secret-123',
  ])('contains nothing of its message %j', (message) => {
    const described = describeUnknownError(new Error(message));
    expect(JSON.stringify(described)).not.toContain('secret-123');
    expect(described.error_at).toMatch(/^at .*logger\.test\.ts/);
  });

  test('contains nothing of a message that has changed since the trace was made', () => {
    const error = new Error('secret-1\n    at secret-2');
    expect(error.stack).toContain('secret-2');
    error.message = 'another';
    expect(describeUnknownError(error)).toEqual({ error_name: 'Error' });
  });

  test('contains where an error without a message was thrown', () => {
    const error = new Error('');
    expect(describeError(error)).toEqual({
      error_name: 'Error',
      error_at: expect.stringMatching(/^at .*logger\.test\.ts/),
    });
    delete error.stack;
    expect(describeError(error)).toEqual({ error_name: 'Error' });
  });

  test('contains no place when the error has a text in place of its trace', () => {
    const error = new Error('x');
    error.stack = 'x\nno trace at all';
    expect(describeUnknownError(error)).toEqual({ error_name: 'Error' });
  });

  test('contains the type of what is not an error, and the class of an error without a trace', () => {
    expect(describeUnknownError('secret')).toEqual({ error_name: 'string' });
    expect(describeUnknownError(undefined)).toEqual({ error_name: 'undefined' });
    const error = new Error('secret');
    delete error.stack;
    expect(describeUnknownError(error)).toEqual({ error_name: 'Error' });
  });
});

describe('the description of an error of our own', () => {
  test('contains its code, fault and message, and the class of its cause', () => {
    const plain = { code: 'kms_unavailable', fault: 'aws', message: 'Sign failed' };
    expect(describeError(new RelyingPartyError('kms_unavailable', 'Sign failed'))).toEqual(plain);
    const error = new RelyingPartyError('kms_unavailable', 'Sign failed', {
      cause: new RangeError('secret'),
    });
    expect(describeError(error)).toEqual({
      ...plain,
      error_name: 'RangeError',
      error_at: expect.stringMatching(/^at /),
    });
  });
});
