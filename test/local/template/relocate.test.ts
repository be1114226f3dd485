import { describe, expect, test } from '@jest/globals';
import { relocate } from '../../../local/template/relocate.ts';

const relocations = [
  { from: 'http://localhost:8080', to: 'http://localhost:3000' },
  { from: 'http://localhost:3000', to: 'http://localhost:40001' },
];

describe('relocate', () => {
  test('replaces every origin once', () => {
    const template = { a: ['http://localhost:8080/auth', { b: '(http://localhost:3000/)' }], n: 8080 };
    expect(relocate(template, relocations)).toEqual({
      a: ['http://localhost:3000/auth', { b: '(http://localhost:40001/)' }],
      n: 8080,
    });
  });

  test('replaces the host in a did:web identifier', () => {
    expect(relocate({ a: 'did:web:localhost%3A3000#key' }, relocations)).toEqual({
      a: 'did:web:localhost%3A40001#key',
    });
  });

  test('does not change longer ports and other hosts', () => {
    const template = {
      a: 'http://localhost:80801/',
      b: 'http://localhost.example:8080/',
      c: 'https://localhost:8080',
    };
    expect(relocate(template, relocations)).toEqual(template);
  });

  test('does not change anything when the origins are the same', () => {
    const template = { a: 'http://localhost:8080/' };
    expect(relocate(template, [{ from: 'http://localhost:8080', to: 'http://localhost:8080' }])).toEqual(
      template,
    );
  });
});
