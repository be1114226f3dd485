import { describe, expect, test } from '@jest/globals';
import { preferredLanguage } from '../../../lambdas/http/accept-language.ts';
import { readRequest } from '../../../lambdas/http/request.ts';
import { apiEvent } from '../../support/api-event.ts';

function readPreferred(...acceptLanguage: readonly string[]) {
  const headers = acceptLanguage.length === 0 ? {} : { 'Accept-Language': acceptLanguage };
  return preferredLanguage(readRequest(apiEvent({ path: '/auth/login', headers })));
}

describe('the language that a browser prefers', () => {
  test.each([
    ['cy', 'cy'],
    ['cy-GB', 'cy'],
    ['CY', 'cy'],
    ['en-GB,en;q=0.9,cy;q=0.8', 'en'],
    ['en;q=0.5, cy;q=0.6', 'cy'],
    ['fr, cy;q=0.3', 'cy'],
    ['cy;q=0, fr', 'en'],
    ['cy;q=0.5, en;q=0.5', 'cy'],
    ['cyx', 'en'],
    ['fr-FR', 'en'],
    ['*', 'en'],
    ['cy;q=nonsense', 'en'],
    ['', 'en'],
    [`${'fr,'.repeat(1000)}cy`, 'en'],
    [`${' '.repeat(998)}cy`, 'cy'],
    [`${' '.repeat(999)}cy`, 'en'],
  ])('of %j is %s', (header, language) => {
    expect(readPreferred(header)).toBe(language);
  });

  test('is English without the header, and with two of them', () => {
    expect(readPreferred()).toBe('en');
    expect(readPreferred('cy', 'en')).toBe('en');
  });
});
