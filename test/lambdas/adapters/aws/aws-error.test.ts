import { describe, expect, test } from '@jest/globals';
import { readAwsError } from '../../../../lambdas/adapters/aws/aws-error.ts';

function readError(body: unknown, headers: Record<string, string> = {}, status = 400) {
  return readAwsError({ status, headers, body: Buffer.from(JSON.stringify(body)) });
}

const named = (name: string) => readError({ __type: name });

describe('an error of AWS', () => {
  test.each([
    ['ResourceNotFoundException', 'ResourceNotFoundException'],
    ['com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', 'ResourceNotFoundException'],
    ['ResourceNotFoundException:http://internal.amazon.com/coral/', 'ResourceNotFoundException'],
    ['ResourceNotFoundException, http://internal.amazon.com/coral/', 'ResourceNotFoundException'],
    ['E'.repeat(100), 'E'.repeat(100)],
    ['E'.repeat(101), 'Http400'],
    ['<script>', 'Http400'],
    ['a text', 'Http400'],
    ['', 'Http400'],
  ])('of the type "%s" has the name "%s"', (type, name) => {
    expect(named(type).name).toBe(name);
    expect(readError({}, { 'x-amzn-errortype': type }).name).toBe(name);
  });

  test('has the type of the body rather than that of a header', () => {
    expect(readError({ __type: 'Inner' }, { 'x-amzn-errortype': 'Outer' }).name).toBe('Inner');
  });

  test('is named after its status if it has no type or is not JSON', () => {
    expect(readError({}, {}, 502)).toMatchObject({
      name: 'Http502',
      message: '',
      $metadata: { httpStatusCode: 502 },
    });
    const page = { status: 503, headers: {}, body: Buffer.from('<html>') };
    expect(readAwsError(page)).toMatchObject({ name: 'Http503', message: '' });
  });

  test.each(['message', 'Message'])(
    'has the first line of its "%s", and at most 500 characters of it',
    (name) => {
      expect(readError({ [name]: 'The key\nis secret' }).message).toBe('The key');
      expect(readError({ [name]: 'x'.repeat(501) }).message).toBe('x'.repeat(500));
    },
  );

  test('has the time of the response, if that has one', () => {
    const date = 'Sat, 28 Nov 2026 12:00:00 GMT';
    expect(readError({}, { date }).date).toBe(Date.UTC(2026, 10, 28, 12));
    expect(readError({}).date).toBeNaN();
  });

  test.each([
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestLimitExceeded',
    'ProvisionedThroughputExceededException',
    'LimitExceededException',
    'TooManyRequestsException',
  ])('with the name %s means too many requests, so that the same one may succeed', (name) => {
    expect(named(name)).toMatchObject({ isThrottling: true, isTransient: true });
  });

  test.each(['ValidationException', 'ItemCollectionSizeLimitExceededException', 'NoThrottling'])(
    'with the name %s and status 400 stays the same',
    (name) => {
      expect(named(name)).toMatchObject({ isThrottling: false, isTransient: false });
    },
  );

  test.each([
    [428, false, false],
    [429, true, true],
    [499, false, false],
    [500, false, true],
    [503, false, true],
  ])('with status %i means too many requests: %s, and may pass: %s', (status, isThrottling, isTransient) => {
    expect(readError({}, {}, status)).toMatchObject({ isThrottling, isTransient });
  });
});
