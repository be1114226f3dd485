import { describe, expect, test } from '@jest/globals';
import { fillDraft } from '../../../bin/register/fill-draft.ts';
import { buildRegistration } from '../../../bin/register/registration.ts';
import { configOf } from '../../infra/synthesise.ts';

const publicUrl = 'https://service.example.gov.uk/auth';
const registration = buildRegistration(configOf('production.example'), publicUrl, {
  sectorIdentifier: 'https://service.example.gov.uk',
});
const complete = Object.fromEntries(registration.map(({ attribute, value }) => [attribute, value]));

/** A draft that agrees with the config but for what it is given. */
const draftWith = (changes: object) => JSON.stringify({ ...complete, ...changes });
const openOf = (changes: object) =>
  fillDraft(draftWith(changes), registration).open.map(({ kind, attribute }) => [kind, attribute]);

describe('a production draft', () => {
  test('has its placeholders replaced, in strings and in lists', () => {
    const { document, filled, open } = fillDraft(
      draftWith({
        BackChannelLogoutUri: '{BACKCHANNEL_LOGOUT_URI}',
        ClientName: '<your service>',
        JwksUrl: '{{JWKS_URL}}',
        RedirectUrls: ['{REDIRECT_URI}', '{ANOTHER_REDIRECT_URI}'],
        Scopes: '{SCOPES}',
        SectorIdentifierUri: '${SECTOR_IDENTIFIER_URI}',
      }),
      registration,
    );

    expect(document).toEqual(complete);
    expect(open).toEqual([]);
    expect([...filled].sort()).toEqual([
      'BackChannelLogoutUri',
      'ClientName',
      'JwksUrl',
      'RedirectUrls',
      'Scopes',
      'SectorIdentifierUri',
    ]);
  });

  test('keeps everything that is no placeholder, in its order', () => {
    const draft = {
      TestClient: false,
      ...complete,
      Scopes: ['openid', 'phone'],
      Channel: 'web',
      RateLimit: 10,
    };
    const { document, filled } = fillDraft(JSON.stringify(draft), registration);

    expect(JSON.stringify(document)).toBe(JSON.stringify(draft));
    expect(filled).toEqual([]);
  });

  test.each([
    ['ClientID', 'another'],
    ['Scopes', ['openid', 'phone']],
    ['RedirectUrls', ['https://service.example.gov.uk/auth/callback/']],
    ['RedirectUrls', []],
    ['BackChannelLogoutUri', ''],
    ['IdentityVerificationSupported', false],
    ['IdTokenSigningAlgorithm', 'RS256'],
    ['TokenAuthMethod', 'client_secret_post'],
    ['PublicKeySource', 'STATIC'],
    ['JarValidationRequired', false],
    ['PKCEEnforced', false],
  ])('that contradicts the config in %s is told so: %j', (attribute, value) => {
    const { document, open } = fillDraft(draftWith({ [attribute]: value }), registration);

    expect(open).toEqual([
      { kind: 'contradiction', attribute, message: expect.stringContaining('the config has') },
    ]);
    expect(document[attribute]).toEqual(value);
  });

  test('may list things in another order, and write names in other ways', () => {
    const { PostLogoutRedirectUrls: urls, PKCEEnforced: pkce, ...rest } = complete;
    const { Claims: claims } = complete;
    const draft = {
      ...rest,
      PostLogoutRedirectUrIs: urls,
      PkceEnforced: pkce,
      Claims: [...(claims as string[])].reverse(),
    };

    expect(fillDraft(JSON.stringify(draft), registration).open).toEqual([]);
  });

  test('may have more levels than are asked for, and not fewer', () => {
    expect(openOf({ ClientLoCs: ['P2'] })).toEqual([]);
    expect(openOf({ ClientLoCs: ['P0', 'P1', 'P2'] })).toEqual([]);
    expect(openOf({ ClientLoCs: ['P0', 'P1'] })).toEqual([['contradiction', 'ClientLoCs']]);
  });

  test('whose sector identifier has a path is told so', () => {
    const undecided = buildRegistration(configOf('production.example'), publicUrl, {
      sectorIdentifier: undefined,
    });
    const draft = draftWith({ SectorIdentifierUri: 'https://service.example.gov.uk/licences' });

    expect(fillDraft(draft, undecided).open).toEqual([
      {
        kind: 'contradiction',
        attribute: 'SectorIdentifierUri',
        message: expect.stringContaining('without a path'),
      },
    ]);
  });

  test('that lacks something is told what to ask for', () => {
    const { JwksUrl: url, ...rest } = complete;

    expect(fillDraft(JSON.stringify(rest), registration).open).toEqual([
      {
        kind: 'missing',
        attribute: 'JwksUrl',
        message: `the draft does not have it: ask One Login to add "${url}"`,
      },
    ]);
  });

  test('keeps placeholders that nothing is known for, and names them', () => {
    expect(openOf({ PublicKey: '{PUBLIC_KEY}', Unheard: { Of: ['{SOMETHING}'] } })).toEqual([
      ['placeholder', 'PublicKey'],
      ['placeholder', 'Unheard.Of[0]'],
    ]);
    expect(openOf({ RedirectUrls: ['{REDIRECT_URI}', 'https://other.example.gov.uk/callback'] })).toEqual([
      ['placeholder', 'RedirectUrls[0]'],
    ]);
  });

  test('keeps the placeholder of what nobody decided', () => {
    const undecided = buildRegistration(configOf('production.example'), publicUrl, {
      sectorIdentifier: undefined,
    });
    const { document, open } = fillDraft(draftWith({ SectorIdentifierUri: '{SECTOR}' }), undecided);

    expect(document['SectorIdentifierUri']).toBe('{SECTOR}');
    expect(open).toEqual([
      {
        kind: 'placeholder',
        attribute: 'SectorIdentifierUri',
        message: expect.stringContaining('--sector-identifier'),
      },
    ]);
  });

  test('is refused when it is no JSON, with the likely cause', () => {
    expect(() => fillDraft('{ “ClientID”: “x” }', registration)).toThrow(/typographic/);
    expect(() => fillDraft('[]', registration)).toThrow('not a JSON object');
  });
});
