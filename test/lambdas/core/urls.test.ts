import { expect, test } from '@jest/globals';
import { isLoopback } from '../../../lambdas/core/urls.ts';

test.each([
  'http://localhost:3000/x',
  'http://app.localhost',
  'http://a.b.localhost',
  'http://127.0.0.1',
  'http://[::1]:3000',
])('%s leads to the machine itself', (url) => {
  expect(isLoopback(url)).toBe(true);
});

test.each([
  'http://localhost.example',
  'http://evillocalhost',
  'http://.localhost',
  'http://127a0b0c1',
  'http://127.0.0.1.example',
  'http://127.0.0.2',
  'http://[::2]',
  'not a URL',
])('%s leads elsewhere', (url) => {
  expect(isLoopback(url)).toBe(false);
});
