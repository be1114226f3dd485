import { describe, expect, test } from '@jest/globals';
import { preferredLanguage } from '../../../lambdas/http/accept-language.ts';
import { readRequest } from '../../../lambdas/http/request.ts';
import { apiEvent } from '../../support/api-event.ts';

function preferred(...acceptLanguage: readonly string[]) {
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
  ])('is of %j %s', (header, language) => {
    expect(preferred(header)).toBe(language);
  });

  test('is English when it says nothing, or two things', () => {
    expect(preferred()).toBe('en');
    expect(preferred('cy', 'en')).toBe('en');
  });
});
