import { describe, expect, it } from '@jest/globals';
import { type Changes, findMistakes, identity, validateWith, vocab } from './find-mistakes.ts';

const asked: Changes = {
  scopes: ['openid', 'phone'],
  identity: { ...identity, claims: [...identity.claims, `${vocab}/address`] },
};
const authorizer = { level: 'Cl' };
const withAuthorizer = (changes: Changes) => ({ authorizers: [{ ...authorizer, ...changes }] });

describe('validateConfig with authorizers', () => {
  it('adds no claims and no trusted origins', () => {
    expect(validateWith({ authorizers: [authorizer] }).authorizers).toEqual([
      { level: 'Cl', claims: [], trustedOrigins: [] },
    ]);
  });

  it('accepts every level that users can reach', () => {
    const levels = ['Cl', 'Cl.Cm', 'Cl.Cm.P1', 'Cl.Cm.P2'];

    expect(findMistakes({ ...asked, authorizers: levels.map((level) => ({ level })) })).toEqual([]);
  });

  it('accepts claims that the service can receive', () => {
    const claims = ['phone_number', 'phone_number_verified', 'names', 'birth_dates', 'address'];

    expect(findMistakes({ ...asked, authorizers: [{ level: 'Cl.Cm', claims }] })).toEqual([]);
  });

  it.each<[string, Changes]>([
    [
      'authorizers[0].level: "P2" is not allowed; allowed: Cl, Cl.Cm, Cl.Cm.P1, Cl.Cm.P2',
      { authorizers: [{ level: 'P2' }] },
    ],
    ['authorizers[0].level: is missing', { authorizers: [{}] }],
    [
      'authorizers[2].level: "Cl" already has an authorizer',
      { authorizers: [authorizer, { level: 'Cl.Cm' }, authorizer] },
    ],
    [
      'authorizers[0].level: "Cl.Cm" is more than /auth/login requests: authentication.vtr has Cl',
      { authorizers: [{ level: 'Cl.Cm' }], authentication: { vtr: ['Cl.Cm', 'Cl'] } },
    ],
    ...['Cl.Cm.P1', 'Cl.Cm.P2'].map((level): [string, Changes] => [
      `authorizers[1].level: "${level}" needs identity to be configured`,
      { authorizers: [authorizer, { level }], identity: undefined },
    ]),
    [
      'authorizers[1].level: "Cl.Cm.P2" is more than /auth/prove-identity requests: identity.vtr has Cl.Cm.P1',
      {
        authorizers: [{ level: 'Cl.Cm.P1' }, { level: 'Cl.Cm.P2' }],
        identity: { ...identity, vtr: ['Cl.Cm.P2', 'Cl.Cm.P1'] },
      },
    ],
    [
      'authorizers[0].claims[0]: "name" is not allowed (did you mean names?); allowed: email_verified,',
      withAuthorizer({ claims: ['name'] }),
    ],
    [
      'authorizers[0].claims[1]: "email_verified" is never known: email is not among the scopes',
      withAuthorizer({ claims: ['phone_number', 'email_verified'] }),
    ],
    [
      `authorizers[0].claims[0]: "passport" is never known: ${vocab}/passport is not among the identity.claims`,
      withAuthorizer({ claims: ['passport'] }),
    ],
    [
      'authorizers[0].trustedOrigins[0]: "https://*.example" must name one host, without wildcards',
      withAuthorizer({ trustedOrigins: ['https://*.example'] }),
    ],
    [
      'authorizers[0].trustedOrigins[0]: "https://forms.example/" must be an origin',
      withAuthorizer({ trustedOrigins: ['https://forms.example/'] }),
    ],
  ])('reports %s', (mistake, changes) => {
    expect(findMistakes({ ...asked, ...changes })).toEqual([expect.stringContaining(mistake)]);
  });
});
