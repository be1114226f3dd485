import { describe, expect, test } from '@jest/globals';
import { environmentVariables, readEnvironment } from '../../lambdas/environment.ts';
import {
  readIdTokenAlgorithm,
  readMilliseconds,
  readOptionalSeconds,
  readStrings,
  readVector,
  readVectors,
} from '../../lambdas/settings.ts';

describe('an environment', () => {
  test('is read by the names by which it is written, and no other variable is', () => {
    const source = { CLIENT_ID: 'the-client', MAX_AGE_SECONDS: '', PATH: '/bin' };
    expect(readEnvironment(['clientId', 'maxAge'], source)).toEqual({ clientId: 'the-client', maxAge: '' });
  });

  test('that lacks variables causes an error with all their names and no value', () => {
    const source = { CLIENT_ID: 'the-client' };
    expect(() => readEnvironment(['publicUrl', 'clientId', 'issuer'], source)).toThrow(
      new Error('missing environment variables: PUBLIC_URL, OIDC_ISSUER'),
    );
  });

  test('has a name of its own for each variable', () => {
    const names = Object.values(environmentVariables);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[A-Z][A-Z_]*$/.test(name))).toEqual([]);
  });
});

describe('the text of a variable', () => {
  test.each<[string, string, (text: string) => unknown, unknown]>([
    ['vectors of trust', '["Cl.Cm.P2","Cl.Cm.P1"]', readVectors, ['Cl.Cm.P2', 'Cl.Cm.P1']],
    ['no vectors of trust', '[]', readVectors, []],
    ['a vector of trust', 'Cl.Cm', readVector, 'Cl.Cm'],
    ['strings', '["a","b"]', readStrings, ['a', 'b']],
    ['a time', '3600', readMilliseconds, 3_600_000],
    ['an optional time', '300', readOptionalSeconds, 300],
    ['an optional time of nothing', '0', readOptionalSeconds, 0],
    ['no optional time', '', readOptionalSeconds, undefined],
    ['ES256', 'ES256', readIdTokenAlgorithm, 'ES256'],
    ['RS256', 'RS256', readIdTokenAlgorithm, 'RS256'],
  ])('is read as %s from %j', (_, text, read, value) => {
    expect(read(text)).toEqual(value);
  });

  test.each<[string, string, (text: string) => unknown]>([
    ['vectors of trust', '["Cl.Cm","P2"]', readVectors],
    ['vectors of trust', '"Cl.Cm"', readVectors],
    ['a vector of trust', 'P2', readVector],
    ['strings', '"abc"', readStrings],
    ['strings', '["a",1]', readStrings],
    ['strings', '{"0":"a"}', readStrings],
    ['a time', '', readMilliseconds],
    ['a time', '0', readMilliseconds],
    ['a time', '-1', readMilliseconds],
    ['a time', '1.5', readMilliseconds],
    ['a time', '60 minutes', readMilliseconds],
    ['a time', 'about 60', readMilliseconds],
    ['an optional time', '-1', readOptionalSeconds],
    ['an optional time', '5 minutes', readOptionalSeconds],
    ['an optional time', ' ', readOptionalSeconds],
    ['an algorithm', 'PS256', readIdTokenAlgorithm],
    ['an algorithm', 'none', readIdTokenAlgorithm],
  ])('is not read as %s from %j', (_, text, read) => {
    expect(() => read(text)).toThrow('an environment variable does not contain');
  });
});
