import { describe, expect, test } from '@jest/globals';
import {
  createCleanupOptions,
  dynamoDbRequest,
  isItem,
  malformedAnswer,
} from '../../../../lambdas/adapters/dynamodb/request.ts';
import { RelyingPartyError } from '../../../../lambdas/core/errors.ts';

describe('a request to DynamoDB', () => {
  test('rejects with an error of our own as it is, such as the end of the time', async () => {
    const over = new RelyingPartyError('deadline_exceeded', 'over');
    await expect(dynamoDbRequest('GetItem', () => Promise.reject(over))).rejects.toBe(over);
  });

  test('has a malformed response that is named after the operation', () => {
    expect(malformedAnswer('GetItem')).toMatchObject({
      code: 'dynamodb_unavailable',
      message: 'the response to GetItem is malformed',
    });
  });

  test('that cleans up has a signal of its own, which is not aborted yet', () => {
    expect(createCleanupOptions().abortSignal.aborted).toBe(false);
  });
});

describe('an item', () => {
  test.each([null, undefined, 'text', []])('is not %j', (value) => {
    expect(isItem(value)).toBe(false);
  });

  test('is an object', () => {
    expect(isItem({})).toBe(true);
  });
});
