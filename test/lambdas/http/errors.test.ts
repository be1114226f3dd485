import { describe, expect, test } from '@jest/globals';
import { errorTable, RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { respondWithJson } from '../../../lambdas/http/errors.ts';
import { apiEvent } from '../../support/api-event.ts';

describe('respondWithJson', () => {
  test('has the code and the reference of the request', () => {
    const error = new RelyingPartyError('dynamodb_unavailable', 'GetItem failed');
    const { statusCode, body } = respondWithJson(error, apiEvent({ path: '/auth/userinfo' }));
    expect(statusCode).toBe(503);
    expect(JSON.parse(body)).toEqual({ error: 'dynamodb_unavailable', reference: '00000000' });
  });
});

describe('an error that anyone can claim', () => {
  test('has a 5xx status, which is counted as claimed', () => {
    const claimed = Object.values(errorTable).filter(({ fault }) => fault === 'claimed');
    expect(claimed.length).toBeGreaterThan(0);
    for (const { status } of claimed) expect(status).toBeGreaterThanOrEqual(500);
  });
});
