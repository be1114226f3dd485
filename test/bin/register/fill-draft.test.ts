import { describe, expect, it } from '@jest/globals';
import { fillDraft } from '../../../bin/register/fill-draft.ts';
import { buildRegistration } from '../../../bin/register/registration.ts';
import { buildTestConfig } from '../../infra/synthesise.ts';

const publicUrl = 'https://service.example.gov.uk/auth';
const config = buildTestConfig('production.example');
const registration = buildRegistration(config, publicUrl, 'https://service.example.gov.uk');
/** Without a decision about the sector identifier. */
const undecided = buildRegistration(config, publicUrl, undefined);
const complete = Object.fromEntries(registration.map(({ attribute, value }) => [attribute, value]));

/** Builds a draft that matches the config except the changes. */
const buildDraft = (changes: object) => JSON.stringify({ ...complete, ...changes });
const listOpen = (changes: object) =>
  fillDraft(buildDraft(changes), registration).open.map(({ kind, attribute }) => [kind, attribute]);

describe('fillDraft', () => {
  it('replaces placeholders in strings and in lists', () => {
    const { document, filled, open } = fillDraft(
      buildDraft({
        BackChannelLogoutUri: '{BACKCHANNEL_LOGOUT_URI}',
        ClientName: '<your service>',
        JwksUrl: '{{JWKS_URL}}',
        RedirectUrls: ['{REDIRECT_URI}', '{ANOTHER_REDIRECT_URI}'],
        // A sample of One Login's documentation lacks a brace like this.
        Scopes: 'SCOPES}',
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

  it('keeps everything else in its order', () => {
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

  it.each([
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
  ])('reports a contradiction in %s: %j', (attribute, value) => {
    const { document, open } = fillDraft(buildDraft({ [attribute]: value }), registration);

    expect(open).toEqual([
      { kind: 'contradiction', attribute, message: expect.stringContaining('the config has') },
    ]);
    expect(document[attribute]).toEqual(value);
  });

  it('accepts lists in another order and names in another spelling', () => {
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

  it('accepts more levels than the config has, and not fewer', () => {
    expect(listOpen({ ClientLoCs: ['P2'] })).toEqual([]);
    expect(listOpen({ ClientLoCs: ['P0', 'P1', 'P2'] })).toEqual([]);
    expect(listOpen({ ClientLoCs: ['P0', 'P1'] })).toEqual([['contradiction', 'ClientLoCs']]);
  });

  it('reports a sector identifier with a path', () => {
    const draft = buildDraft({ SectorIdentifierUri: 'https://service.example.gov.uk/licences' });

    expect(fillDraft(draft, undecided).open).toEqual([
      {
        kind: 'contradiction',
        attribute: 'SectorIdentifierUri',
        message: expect.stringContaining('without a path'),
      },
    ]);
  });

  it('reports a missing attribute with its value', () => {
    const { JwksUrl: url, ...rest } = complete;

    expect(fillDraft(JSON.stringify(rest), registration).open).toEqual([
      {
        kind: 'missing',
        attribute: 'JwksUrl',
        message: `the draft does not have it: ask One Login to add "${url}"`,
      },
    ]);
  });

  it('keeps and reports placeholders that it has no value for', () => {
    expect(listOpen({ PublicKey: '{PUBLIC_KEY}', Unheard: { Of: ['{SOMETHING}'] } })).toEqual([
      ['placeholder', 'PublicKey'],
      ['placeholder', 'Unheard.Of[0]'],
    ]);
    expect(listOpen({ RedirectUrls: ['{REDIRECT_URI}', 'https://other.example.gov.uk/callback'] })).toEqual([
      ['placeholder', 'RedirectUrls[0]'],
    ]);
  });

  it('keeps the placeholder of a value that is not decided', () => {
    const { document, open } = fillDraft(buildDraft({ SectorIdentifierUri: '{SECTOR}' }), undecided);

    expect(document['SectorIdentifierUri']).toBe('{SECTOR}');
    expect(open).toEqual([
      {
        kind: 'placeholder',
        attribute: 'SectorIdentifierUri',
        message: expect.stringContaining('--sector-identifier'),
      },
    ]);
  });

  it('throws with the likely cause if the draft is not JSON', () => {
    expect(() => fillDraft('{ “ClientID”: “x” }', registration)).toThrow(/typographic/);
    expect(() => fillDraft('[]', registration)).toThrow('not a JSON object');
  });
});
