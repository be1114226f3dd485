import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

const vocab = 'https://vocab.account.gov.uk/v1';

function configWith(changes: Readonly<Record<string, unknown>>) {
  return validateConfig({
    name: 'licences',
    environment: 'integration',
    serviceName: 'Apply for a licence',
    clientId: 'client',
    scopes: ['openid', 'phone'],
    authentication: { vtr: ['Cl.Cm'] },
    identity: { vtr: ['Cl.Cm.P2'], claims: [`${vocab}/coreIdentityJWT`, `${vocab}/address`] },
    signingKeys: [{ name: '2026-01', state: 'sign' }],
    ...changes,
  });
}

function mistakesIn(changes: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    configWith(changes);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe('an authorizer', () => {
  test('passes nothing more on and trusts no other origin unless it is told to', () => {
    expect(configWith({ authorizers: [{ level: 'Cl' }] }).authorizers).toEqual([
      { level: 'Cl', claims: [], trustedOrigins: [] },
    ]);
  });

  test('may be for every level that users can reach', () => {
    const levels = ['Cl', 'Cl.Cm', 'Cl.Cm.P1', 'Cl.Cm.P2'];

    expect(mistakesIn({ authorizers: levels.map((level) => ({ level })) })).toEqual([]);
  });

  test('may pass on what the service is told', () => {
    const claims = ['phone_number', 'phone_number_verified', 'names', 'birth_dates', 'address'];

    expect(mistakesIn({ authorizers: [{ level: 'Cl.Cm', claims }] })).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'of a level that there is not',
      { authorizers: [{ level: 'P2' }] },
      'authorizers[0].level: "P2" is not allowed; allowed: Cl, Cl.Cm, Cl.Cm.P1, Cl.Cm.P2',
    ],
    ['without a level', { authorizers: [{}] }, 'authorizers[0].level: is missing'],
    [
      'of the same level as another',
      { authorizers: [{ level: 'Cl' }, { level: 'Cl.Cm' }, { level: 'Cl' }] },
      'authorizers[2].level: "Cl" has another authorizer already',
    ],
    [
      'for two factors where one will do to sign in',
      { authorizers: [{ level: 'Cl.Cm' }], authentication: { vtr: ['Cl.Cm', 'Cl'] } },
      'authorizers[0].level: "Cl.Cm" is more than /auth/login asks for: authentication.vtr has Cl',
    ],
    [
      'for identities where none are proved',
      { authorizers: [{ level: 'Cl' }, { level: 'Cl.Cm.P1' }], identity: undefined },
      'authorizers[1].level: "Cl.Cm.P1" needs identity to be configured',
    ],
    [
      'for P2 where none are proved',
      { authorizers: [{ level: 'Cl.Cm.P2' }], identity: undefined },
      'authorizers[0].level: "Cl.Cm.P2" needs identity to be configured',
    ],
    [
      'for P2 where P1 will do to prove an identity',
      {
        authorizers: [{ level: 'Cl.Cm.P1' }, { level: 'Cl.Cm.P2' }],
        identity: { vtr: ['Cl.Cm.P2', 'Cl.Cm.P1'], claims: [`${vocab}/coreIdentityJWT`] },
      },
      'authorizers[1].level: "Cl.Cm.P2" is more than /auth/prove-identity asks for: identity.vtr has Cl.Cm.P1',
    ],
    [
      'that passes on what nobody knows',
      { authorizers: [{ level: 'Cl', claims: ['name'] }] },
      'authorizers[0].claims[0]: "name" is not allowed; allowed: email_verified,',
    ],
    [
      'that passes on what no scope is asked for',
      { authorizers: [{ level: 'Cl', claims: ['phone_number', 'email_verified'] }] },
      'authorizers[0].claims[1]: "email_verified" is never known: email is not among the scopes',
    ],
    [
      'that passes on a claim that is not asked for',
      { authorizers: [{ level: 'Cl', claims: ['passport'] }] },
      `authorizers[0].claims[0]: "passport" is never known: ${vocab}/passport is not among the identity.claims`,
    ],
    [
      'that trusts a wildcard',
      { authorizers: [{ level: 'Cl', trustedOrigins: ['https://*.example'] }] },
      'authorizers[0].trustedOrigins[0]: "https://*.example" must name one host, without wildcards',
    ],
    [
      'that trusts an address that is no origin',
      { authorizers: [{ level: 'Cl', trustedOrigins: ['https://forms.example/'] }] },
      'authorizers[0].trustedOrigins[0]: "https://forms.example/" must be an origin',
    ],
  ])('%s is a mistake', (_, changes, mistake) => {
    expect(mistakesIn(changes)).toEqual([expect.stringContaining(mistake)]);
  });
});
