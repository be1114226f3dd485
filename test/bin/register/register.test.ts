import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readPublicUrl } from '../../../bin/command.ts';
import { buildRegistration, type Entry } from '../../../bin/register/registration.ts';
import { buildRegistration as buildStandInRegistration } from '../../../local/stand-in.ts';
import { buildTestConfig, readTemplate } from '../../infra/synthesise.ts';
import { configFileWith, runCommand, temporaryFile, temporaryPath } from '../../support/command.ts';

const registered = (entries: readonly Entry[], attribute: string) =>
  entries.find((entry) => entry.attribute === attribute)?.value;

describe('buildRegistration', () => {
  // id: register-matches-stack
  it("has the values of the stack's outputs", () => {
    const config = buildTestConfig('production.example');
    const entries = buildRegistration(config, config.publicUrl ?? '', undefined);
    const { Outputs: outputs } = readTemplate(config);
    const urls = Object.values(outputs).filter(({ Description: text }) => text.startsWith('To register'));

    expect(urls).toHaveLength(5);
    for (const { Value: value } of urls) {
      expect(entries.flatMap((entry) => entry.value)).toContain(value);
    }
  });

  // id: register-matches-stand-in
  it('matches the registration of the stand-in, which refuses everything else', () => {
    const config = buildTestConfig('local');
    const publicUrl = config.publicUrl ?? '';
    const entries = buildRegistration(config, publicUrl, undefined);

    expect(buildStandInRegistration(config, publicUrl)).toEqual({
      clientId: registered(entries, 'ClientID'),
      jwksUrl: registered(entries, 'JwksUrl'),
      redirectUris: registered(entries, 'RedirectUrls'),
      postLogoutRedirectUris: registered(entries, 'PostLogoutRedirectUrls'),
      backchannelLogoutUri: registered(entries, 'BackChannelLogoutUri'),
      landingPageUrl: registered(entries, 'LandingPageUrl'),
      scopes: registered(entries, 'Scopes'),
      claims: registered(entries, 'Claims'),
      clientLoCs: registered(entries, 'ClientLoCs'),
      idTokenSigningAlgorithm: registered(entries, 'IdTokenSigningAlgorithm'),
      maxAgeEnabled: false,
      pkceEnforced: registered(entries, 'PKCEEnforced'),
      jarRequired: registered(entries, 'JarValidationRequired'),
    });
  });

  it('has no identity fields without identity', () => {
    const config = buildTestConfig('local', { identity: undefined, authorizers: [{ level: 'Cl.Cm' }] });
    const entries = buildRegistration(config, 'https://service.example/auth', undefined);

    expect(registered(entries, 'IdentityVerificationSupported')).toBe(false);
    expect(registered(entries, 'ClientLoCs')).toEqual(['P0']);
    expect(entries.map(({ attribute }) => attribute)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/LandingPageUrl|Claims/)]),
    );
  });

  it('has contacts for the admin tool, and none for production', () => {
    const listAttributes = (name: string) =>
      buildRegistration(buildTestConfig(name), 'https://service.example/auth', undefined).map(
        ({ attribute }) => attribute,
      );

    expect(listAttributes('integration.example')).toContain('Contacts');
    expect(listAttributes('production.example')).not.toContain('Contacts');
  });

  it('has MaxAgeEnabled if the config has maxAgeSeconds', () => {
    const config = buildTestConfig('local', { authentication: { vtr: ['Cl.Cm'], maxAgeSeconds: 60 } });

    expect(
      registered(buildRegistration(config, 'https://service.example/auth', undefined), 'MaxAgeEnabled'),
    ).toBe(true);
  });
});

describe('one-login register', () => {
  const production = configFileWith({}, 'production.example');

  it('prints everything for people and for programs', async () => {
    const text = await runCommand('register', '--config', production);
    const json = await runCommand('register', '--config', production, '--json');

    expect(text.out).toContain(
      'Redirect URLs (RedirectUrls)\n    https://apply-for-a-licence.service.gov.uk/auth/callback\n',
    );
    expect(text.out).toContain('(for you to decide)');
    expect(JSON.parse(json.out)).toMatchObject({
      ClientID: 'exampleProductionClientId000',
      SectorIdentifierUri: null,
      PublicKeySource: 'JWKS',
    });
    expect([text.code, json.code]).toEqual([0, 0]);
  });

  it("needs --public-url if the public URL is the API's own address", async () => {
    const derived = configFileWith(
      { publicUrl: undefined, cloudFront: undefined, firewall: undefined, defaultPage: '/' },
      'production.example',
    );
    const lost = await runCommand('register', '--config', derived);
    const told = await runCommand(
      'register',
      '--config',
      derived,
      '--json',
      '--public-url',
      'https://x.example/live/auth',
    );

    expect(lost.err).toContain('the output PublicUrl of the stack one-login-apply-for-a-licence');
    expect(JSON.parse(told.out)).toMatchObject({ RedirectUrls: ['https://x.example/live/auth/callback'] });
    expect([lost.code, told.code]).toEqual([2, 0]);
  });

  it.each([
    [
      'a sector identifier with a path',
      ['--sector-identifier', 'https://x.example/licences'],
      'must be an origin, without a path: https://x.example',
    ],
    ['a draft without a place for the result', ['--draft', 'x.json'], '--out is missing'],
    [
      'a draft that does not exist',
      ['--draft', 'nowhere.json', '--out', 'x.json'],
      'the file cannot be read',
    ],
  ])('refuses %s', async (_, options, message) => {
    const { code, err } = await runCommand('register', '--config', production, ...options);

    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  it('fills in a draft, prints what is left to do, and never replaces a file', async () => {
    const draft = temporaryFile('draft.json', {
      ClientID: 'exampleProductionClientId000',
      RedirectUrls: ['{REDIRECT_URI}'],
      Scopes: ['openid'],
    });
    const out = temporaryPath('filled.json');
    const first = await runCommand('register', '--config', production, '--draft', draft, '--out', out);
    const second = await runCommand('register', '--config', production, '--draft', draft, '--out', out);

    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual({
      ClientID: 'exampleProductionClientId000',
      RedirectUrls: ['https://apply-for-a-licence.service.gov.uk/auth/callback'],
      Scopes: ['openid'],
    });
    expect(first.out).toContain('filled in: RedirectUrls');
    expect(first.out).toContain(
      'contradiction  Scopes: the draft has ["openid"], the config has ["openid","email"]',
    );
    expect(second.err).toContain('--out: the file cannot be written: EEXIST');
    expect([first.code, second.code]).toEqual([1, 2]);
  });

  it('only accepts a draft for production', async () => {
    const config = configFileWith({}, 'integration.example');
    const { err, code } = await runCommand('register', '--config', config, '--draft', 'a', '--out', 'b');

    expect(err).toContain('drafts are for production, but the config is for integration');
    expect(code).toBe(2);
  });
});

describe('readPublicUrl', () => {
  const publicUrl = 'https://service.example/auth';

  it.each([
    ['https://x.example/auth', 'contradicts the config'],
    ['https://x.example/', 'must end with /auth'],
  ])('refuses %s', (option, message) => {
    expect(() => readPublicUrl({ publicUrl }, option)).toThrow(message);
  });
});
