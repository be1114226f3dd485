import { describe, expect, test } from '@jest/globals';
import { jsonLimits, parseJsonObject } from '../../../../lambdas/core/one-login/json-object.ts';
import type { ProviderResponse } from '../../../../lambdas/core/one-login/messages.ts';
import { validateTokenResponse } from '../../../../lambdas/core/one-login/token-response.ts';
import { validateUserInfoResponse } from '../../../../lambdas/core/one-login/userinfo.ts';
import { subject, validatedIdToken } from './example-provider.ts';

const nested = (depth: number) => `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`;
const wide = (values: number) => JSON.stringify({ a: Array.from({ length: values - 1 }, () => 0) });
const long = (characters: number) => JSON.stringify({ a: 'x'.repeat(characters) });
const longName = (characters: number) => JSON.stringify({ ['x'.repeat(characters)]: 0 });

const shapes = [
  ['depth', nested, jsonLimits.depth],
  ['values', wide, jsonLimits.values],
  ['characters of a string', long, jsonLimits.text],
  ['characters of a name', longName, jsonLimits.text],
] as const;

describe('a JSON object of the provider', () => {
  test.each(shapes)('is read up to its limit of %s', (_, make, limit) => {
    expect(parseJsonObject(make(limit))).toBeDefined();
    expect(parseJsonObject(make(limit + 1))).toBeUndefined();
  });

  test('is refused when it is nested 60,000 deep, as the fault of the provider', async () => {
    const lists = '['.repeat(60_000) + ']'.repeat(60_000);
    const answer = (name: string): ProviderResponse => ({
      status: 200,
      headers: {},
      body: `{"sub":"${subject}","${name}":[{"a":${lists}}]}`,
    });
    const idToken = await validatedIdToken();
    expect(() =>
      validateUserInfoResponse(answer('https://vocab.account.gov.uk/v1/address'), idToken),
    ).toThrow(expect.objectContaining({ code: 'userinfo_response_malformed' }));
    expect(() => validateTokenResponse(answer('a'))).toThrow(
      expect.objectContaining({ code: 'token_response_malformed' }),
    );
  });
});
