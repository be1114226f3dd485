import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';
import {
  type Changes,
  findMistakes,
  identity,
  smallestConfig,
  validateWith,
  vocab,
} from './find-mistakes.ts';

const provider = readConfig('local')['provider'] as Changes;
const role = 'arn:aws:iam::111122223333:role/security/key-administrator';
const topicArn = 'arn:aws:sns:eu-west-2:111122223333:on-call';
const signs = { name: 'a', state: 'sign' };
const contact = { name: 'Licensing team', email: 'help@service.example' };
const phaseBanner = { phase: 'beta', feedbackUrl: '/feedback' };
const link = { text: 'Privacy', url: '/privacy' };
const withContact = (changes: Changes) => ({ contact: { ...contact, ...changes } });
const withFeedback = (feedbackUrl: string) => ({ phaseBanner: { ...phaseBanner, feedbackUrl } });
const withTexts = (problem: Changes) => ({ pageTexts: { problem } });
const withTitle = (title: string) => withTexts({ en: { title } });
const withProvider = (changes: Changes) => ({ environment: 'local', provider: { ...provider, ...changes } });
const withKeys = (...signingKeys: Changes[]) => ({ signingKeys });
const withClaims = (...claims: string[]) => ({ identity: { ...identity, claims } });
const withEmails = (...emails: string[]) => ({ alarms: { emails } });
const withDeletionRole = (arn: string, account?: string) => ({
  environment: 'production',
  account,
  signingKeyDeletionRoles: [arn],
});

describe('validateConfig', () => {
  it.each(['local', 'integration.example', 'production.example'])(
    'accepts config/%s.json, does not change it, and keeps sessions for an hour as One Login does',
    (name) => {
      const json = readConfig(name);

      expect(validateConfig(json).session.idleMinutes).toBe(60);
      expect(json).toEqual(readConfig(name));
    },
  );

  // id: config-defaults
  it('fills in the defaults', () => {
    expect(validateWith({})).toEqual({
      ...smallestConfig,
      provider: {
        issuer: 'https://oidc.integration.account.gov.uk/',
        discoveryUrl: 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration',
        coreIdentityIssuer: 'https://identity.integration.account.gov.uk/',
        didUrl: 'https://identity.integration.account.gov.uk/.well-known/did.json',
        didId: 'did:web:identity.integration.account.gov.uk',
      },
      region: 'eu-west-2',
      canary: false,
      apiGatewayLogRole: 'create',
      throttling: {
        login: 80,
        reauthenticate: 20,
        proveIdentity: 20,
        inPersonReturn: 20,
        callback: 80,
        userinfo: 500,
        logout: 500,
        backchannelLogout: 500,
        others: 500,
      },
      reservedConcurrency: {},
      idTokenSigningAlgorithm: 'ES256',
      publishedKeys: [],
      signingKeyDeletionRoles: [],
      session: { idleMinutes: 60, absoluteMinutes: 480 },
      defaultPage: '/',
      exampleService: false,
      footerLinks: [],
      pageTexts: {},
      returnOrigins: [],
      journeys: [],
      authorizers: [],
      logRetentionDays: 90,
      auditRetentionDays: 400,
      alarms: { emails: [] },
    });
  });

  it('uses the provider of the config in the environment local', () => {
    expect(validateWith({ environment: 'local', provider }).provider).toEqual(provider);
  });

  // id: production-addresses
  it('uses the production addresses of One Login in production', () => {
    expect(validateWith({ environment: 'production' }).provider).toMatchObject({
      issuer: 'https://oidc.account.gov.uk/',
      coreIdentityIssuer: 'https://identity.account.gov.uk/',
      didId: 'did:web:identity.account.gov.uk',
    });
  });

  it.each<[string, Changes]>([
    ['a contact by email', { contact }],
    ['a contact by a page', { contact: { name: 'Team', url: '/contact', urlWelsh: '/cysylltu' } }],
    ['a contact by phone', { contact: { name: 'Team', phone: '0300 123 4567', openingHours: '9am to 5pm' } }],
    ['a phase banner', { phaseBanner }],
    ['feedback by email', withFeedback('mailto:feedback@service.example')],
    ['feedback by a form', withFeedback('https://forms.example/f?id=1')],
    ['footer links', { footerLinks: [link, { ...link, textWelsh: 'Preifatrwydd', urlWelsh: '/cy' }] }],
    [
      'page texts',
      { pageTexts: { problem: { en: { title: 'Bye', text: ['{serviceName}'], action: 'Go' } } } },
    ],
    ['deletion roles', withDeletionRole(role)],
    ['deletion roles of the account', withDeletionRole(role, '111122223333')],
    ['alarms without a recipient', { alarms: {} }],
    ['alarms to a topic', { alarms: { topicArn } }],
    ['alarms by email', withEmails('on-call@example.gov.uk', "o'brien+alarms@digital.example.gov.uk")],
    ['alarms to both', { alarms: { topicArn, emails: ['on-call@example.gov.uk'] } }],
    ['a cookie name', { cookieName: 'licences-2' }],
    ['a public URL on this machine', { publicUrl: 'http://localhost:8080/auth' }],
  ])('accepts %s', (_, changes) => {
    expect(findMistakes(changes)).toEqual([]);
  });

  // id: config-mistakes-reported
  it.each<[string, Changes]>([
    ['clientId: is missing. The client id that One Login gave the service.', { clientId: undefined }],
    ['clientId: "" is not allowed; allowed: letters, digits and . _ ~ -', { clientId: '' }],
    ['clientId: "a b" is not allowed', { clientId: 'a b' }],
    ['clientId: 7 is not a text. The client id', { clientId: 7 }],
    [
      'clientID: is not a field of the config (did you mean clientId?); allowed here: $schema, name,',
      { clientID: 'x' },
    ],
    ['environment: "prod" is not allowed; allowed: local, integration, production', { environment: 'prod' }],
    ['name: "Licences" is not allowed; allowed: lower-case letters, digits', { name: 'Licences' }],
    ...['Licences', '1st', 'a--b', '-a', 'a-', 'a_b', 'a;b', '', 'session', 'browser', 'rounds'].map(
      (cookieName): [string, Changes] => [
        `cookieName: "${cookieName}" is not allowed; allowed: lower-case letters, digits and single hyphens`,
        { cookieName },
      ],
    ),
    ...['browser-a', 'a-browser', 'a-rounds-b', 'session-2'].map((cookieName): [string, Changes] => [
      'beginning with a letter, without the words session, browser and rounds',
      { cookieName },
    ]),
    ['; at most 20 characters are allowed', { cookieName: 'a'.repeat(21) }],
    ['name: "1st" is not allowed', { name: '1st' }],
    ['; at most 40 characters are allowed', { name: 'a'.repeat(41) }],
    ['region: "london" is not allowed; allowed: the code of an AWS region', { region: 'london' }],
    ['account: 111122223333 is not a text', { account: 111122223333 }],
    ['account: "123" is not allowed; allowed: the 12 digits of an AWS account', { account: '123' }],
    ['apiGatewayLogRole: true is not allowed; allowed: create, existing', { apiGatewayLogRole: true }],
    ['serviceName: "a\\nb" is not allowed; allowed: text on one line', { serviceName: 'a\nb' }],
    ['serviceName: " " is not allowed', { serviceName: ' ' }],
    ['serviceName: ', { serviceName: 'a\uE000value.reference\uE001' }],
    ['serviceNameWelsh: "a\\nb" is not allowed; allowed: text on one line', { serviceNameWelsh: 'a\nb' }],
    ['exampleService: "yes" is not true or false', { exampleService: 'yes' }],
    ['scopes: must include openid', { scopes: ['email'] }],
    ['scopes[1]: "profile" is not allowed; allowed: openid, email', { scopes: ['openid', 'profile'] }],
    ['scopes: entries 0 and 1 are the same', { scopes: ['openid', 'openid'] }],
    ['scopes: "openid" is not a list', { scopes: 'openid' }],
    ['authentication.vtr: is missing', { authentication: {} }],
    ['authentication.vtr[0]: "Cm" is not allowed; allowed: Cl, Cl.Cm', { authentication: { vtr: ['Cm'] } }],
    ['authentication.vtr[1]: "Cl.Cm.P2" is not allowed', { authentication: { vtr: ['Cl', 'Cl.Cm.P2'] } }],
    ['authentication.maxAgeSeconds: -1 is too small', { authentication: { vtr: ['Cl'], maxAgeSeconds: -1 } }],
    ['maxAgeSeconds: "60" is not a whole number', { authentication: { vtr: ['Cl'], maxAgeSeconds: '60' } }],
    ['identity.vtr[0]: "Cl.Cm" is not allowed', { identity: { ...identity, vtr: ['Cl.Cm'] } }],
    ['identity.vtr[1]: "Cl.Cm" is not allowed', { identity: { ...identity, vtr: ['Cl.Cm.P2', 'Cl.Cm'] } }],
    ['identity.claims[1]: "address" is not', withClaims(...identity.claims, 'address')],
    [`identity.claims: must include ${vocab}/core`, withClaims(`${vocab}/address`)],
    ['idTokenSigningAlgorithm: "PS256" is not allowed', { idTokenSigningAlgorithm: 'PS256' }],
    ['logRetentionDays: 100 is not allowed; allowed: 1, 3, 5, 7, 14, 30', { logRetentionDays: 100 }],
    [
      'serviceUrl: "http://service.example/" must begin with https://',
      { serviceUrl: 'http://service.example/' },
    ],
    ['serviceUrl: "service.example" is not an absolute URL', { serviceUrl: 'service.example' }],

    ['signingKeys[0].state: "active" is not allowed', withKeys({ name: 'a', state: 'active' })],
    ['signingKeys[0].name: "a/b" is not allowed', withKeys({ name: 'a/b', state: 'sign' })],
    [
      'signingKeys: exactly one key must have the state sign; none has',
      withKeys({ name: 'a', state: 'publish' }),
    ],
    [
      'signingKeys: exactly one key must have the state sign; these have: a, b',
      withKeys(signs, { ...signs, name: 'b' }),
    ],
    ['signingKeys[1].name: "a" is also the name of another', withKeys(signs, { ...signs, state: 'retire' })],
    [
      'signingKeys: has too many entries; at most 8 are allowed',
      withKeys(signs, ...Array.from({ length: 8 }, (_, n) => ({ name: `k${n}`, state: 'retire' }))),
    ],
    [
      `signingKeyDeletionRoles[0]: "${role}" is in the account 111122223333, and the keys are in 444455556666`,
      withDeletionRole(role, '444455556666'),
    ],
    [
      'signingKeyDeletionRoles: only has an effect in production; integration deletes its keys with the stack',
      { signingKeyDeletionRoles: [role] },
    ],
    ...[
      'arn:aws:iam::111122223333:root',
      'arn:aws:iam::111122223333:user/someone',
      'arn:aws:sts::111122223333:assumed-role/admin/session',
      'arn:aws:iam::111122223333:role/*',
      'key-administrator',
    ].map((arn): [string, Changes] => [
      `signingKeyDeletionRoles[0]: "${arn}" is not allowed; allowed: the ARN of an IAM role`,
      withDeletionRole(arn),
    ]),

    ['session.idleMinutes: 500 is more than session.absoluteMinutes, 480', { session: { idleMinutes: 500 } }],
    ['session.idleMinutes: 0 is too small; the smallest allowed is 1', { session: { idleMinutes: 0 } }],
    [
      'session.absoluteMinutes: 1441 is too large; the largest allowed is 1440',
      { session: { absoluteMinutes: 1441 } },
    ],
    ['session.idleMinutes: 1.5 is not a whole number', { session: { idleMinutes: 1.5 } }],

    ['provider: is missing', { environment: 'local' }],
    ['provider: is only allowed with the environment local', { provider }],
    ['provider.didUrl: is missing', withProvider({ didUrl: undefined })],
    ['provider.didId: "localhost" is not', withProvider({ didId: 'localhost' })],
    [
      'provider.issuer: "http://provider.example/" must begin with https://',
      withProvider({ issuer: 'http://provider.example/' }),
    ],

    [
      `alarms.topicArn: "${topicArn}" is in another region; CloudWatch cannot send alarms of eu-west-1 to it`,
      { region: 'eu-west-1', alarms: { topicArn } },
    ],
    [
      `alarms.ticketTopicArn: "${topicArn}" is in another region; CloudWatch cannot send alarms of eu-west-1 to it`,
      { region: 'eu-west-1', alarms: { ticketTopicArn: topicArn } },
    ],
    ['alarms.urgentTopicArn: "on-call" is not allowed', { alarms: { urgentTopicArn: 'on-call' } }],
    ['alarms.topicArn: "on-call" is not allowed', { alarms: { topicArn: 'on-call' } }],
    // A FIFO topic accepts no alarms.
    ['alarms.topicArn: ', { alarms: { topicArn: `${topicArn}.fifo` } }],
    ['alarms.topicArn: ', { alarms: { topicArn: topicArn.replace('sns', 'sqs') } }],
    ['alarms.emails[0]: "on-call" is not allowed', withEmails('on-call')],
    ['alarms.emails[0]: ', withEmails('a@example.gov.uk,b@example.gov.uk')],
    ['alarms.emails: entries', withEmails('a@example.gov.uk', 'a@example.gov.uk')],
    ['alarms.runbookBaseUrl: "/runbooks" ', { alarms: { runbookBaseUrl: '/runbooks' } }],
    ['alarms.runbookBaseUrl: ', { alarms: { runbookBaseUrl: 'https://a.example/b/' } }],
    ['alarms.email: is not a field of the config', { alarms: { email: 'a@example.gov.uk' } }],

    ['contact.name: is missing. The name, as it reads', { contact: { email: contact.email } }],
    ['contact: must have at least one of url, email, phone', { contact: { name: 'Team' } }],
    ['contact.openingHours: is only allowed with contact.phone', withContact({ openingHours: '9 to 5' })],
    ['contact.phoneWelsh: is only allowed with contact.phone', withContact({ phoneWelsh: '1' })],
    [
      'contact.email: "Team <help@service.example>" is',
      withContact({ email: 'Team <help@service.example>' }),
    ],
    ['contact.url: "javascript:alert(1)" must be a path', withContact({ url: 'javascript:alert(1)' })],
    ['contact.fax: is not a field of the config', withContact({ fax: '1' })],
    [
      'phaseBanner.phase: "live" is not allowed; allowed: alpha, beta',
      { phaseBanner: { ...phaseBanner, phase: 'live' } },
    ],
    ['phaseBanner.feedbackUrl: is missing. Where users can', { phaseBanner: { phase: 'beta' } }],
    [
      'phaseBanner.feedbackUrl: "http://forms.example/" must begin with https://',
      withFeedback('http://forms.example/'),
    ],
    [
      'phaseBanner.feedbackUrl: "mailto:a@b.example?bcc=c@d.example" must be a path',
      withFeedback('mailto:a@b.example?bcc=c@d.example'),
    ],
    [
      'footerLinks[0].url: "//evil.example" must begin with a single /',
      { footerLinks: [{ ...link, url: '//evil.example' }] },
    ],
    ['footerLinks[0].text: is missing. The text of the link.', { footerLinks: [{ url: '/privacy' }] }],
    [
      'pageTexts.welcome: is not a field of the config; allowed here: problem,',
      { pageTexts: { welcome: {} } },
    ],
    ['pageTexts.problem.fr: is not a field of the config; allowed here: en, cy', withTexts({ fr: {} })],
    ['problem.en.heading: is not a field', withTexts({ en: { heading: 'x' } })],
    [
      'pageTexts.not-found.cy.action: is not a field',
      { pageTexts: { 'not-found': { cy: { action: 'x' } } } },
    ],
    ['pageTexts.problem.cy.text[0]: "<b>you</b>" is not', withTexts({ cy: { text: ['<b>you</b>'] } })],
    ['pageTexts.problem.en.title: "Hello {name}" is not', withTitle('Hello {name}')],
    ['pageTexts.problem.en.title: ', withTitle('\uE000value.reference\uE001')],
    ['pageTexts.problem.en.text: has too few entries; at least 1', withTexts({ en: { text: [] } })],
    ['pageTexts.problem.en.text: "Hello" is not a list', withTexts({ en: { text: 'Hello' } })],
  ])('reports %s', (mistake, changes) => {
    expect(findMistakes(changes)).toEqual([expect.stringContaining(mistake)]);
  });

  // id: public-url-https
  it.each([
    ['http://service.example/auth', 'must begin with https://'],
    ['https://service.example/', 'must end with /auth'],
    ['https://service.example/auth/', 'must end with /auth, without a slash after it'],
    ['https://service.example/auth?', 'must have no query and no fragment'],
    ['https://service.example/auth?a=b', 'must have no query and no fragment'],
    ['https://service.example/auth#a', 'must have no query and no fragment'],
    ['https://user:word@service.example/auth', 'must not contain a user name or password'],
    ['https://SERVICE.example/auth', 'must be written in its normal form, https://service.example/auth'],
    ['https://service.example:443/auth', 'must be written in its normal form, https://service.example/auth'],
    ['https://service.example/x/../auth', 'must be written in its normal form, https://service.example/auth'],
    ['https://service.example//auth', 'must have a path of letters, digits'],
    ['https://service.example/%61/auth', 'must have a path of letters, digits'],
    ["https://service.example/o'hara/auth", 'must have a path of letters, digits'],
    ['/auth', 'is not an absolute URL'],
    ['javascript:/auth', 'must begin with https://'],
  ])('refuses the public URL %s', (publicUrl, mistake) => {
    expect(findMistakes({ publicUrl })).toEqual([
      expect.stringContaining(`publicUrl: "${publicUrl}" ${mistake}`),
    ]);
  });

  it('refuses a public URL on this machine in production', () => {
    expect(findMistakes({ environment: 'production', publicUrl: 'http://localhost:8080/auth' })).toEqual([
      'publicUrl: "http://localhost:8080/auth" is an address that users cannot reach in production',
    ]);
  });

  it.each([
    ['https://forms.example/', 'must be an origin, without a path: https://forms.example'],
    ['https://forms.example/start', 'must be an origin, without a path: https://forms.example'],
    ['http://forms.example', 'must begin with https://'],
    ['forms.example', 'is not an absolute URL'],
    ['https://*.example', 'must name one host, without wildcards'],
    ['*', 'is not an absolute URL'],
    ['null', 'is not an absolute URL'],
  ])('refuses the return origin %s', (origin, mistake) => {
    expect(findMistakes({ returnOrigins: ['https://ok.example', origin] })).toEqual([
      expect.stringContaining(`returnOrigins[1]: "${origin}" ${mistake}`),
    ]);
  });

  const publicUrl = 'https://service.example/auth';
  const returnOrigins = ['https://forms.example'];

  it.each([
    '/',
    '/account',
    '/authors',
    '/account?tab=1#top',
    'https://service.example/account',
    'https://forms.example/start?from=sign-in',
  ])('accepts the default page %s', (defaultPage) => {
    expect(findMistakes({ publicUrl, returnOrigins, defaultPage })).toEqual([]);
  });

  it.each([
    ['', 'must be a path that begins with a single /'],
    ['account', 'must be a path that begins with a single /'],
    ['//evil.example', 'must begin with a single /'],
    ['/\\evil.example', 'must not contain spaces, control characters or backslashes'],
    ['/\u0009/evil.example', 'must not contain spaces, control characters or backslashes'],
    ['/a b', 'must not contain spaces'],
    ['/a/../auth', 'must be written in its normal form, /auth'],
    ['/auth', 'must not be below /auth'],
    ['/auth/login', 'must not be below /auth'],
    ['/AUTH/login', 'must not be below /auth'],
    ['/%61uth/login', 'must not be below /auth'],
    ['https://service.example/auth/login', 'must not be below /auth'],
    [
      'https://evil.example/',
      'is at an origin that is not allowed; allowed: https://service.example, https://forms',
    ],
    ['http://service.example/', 'must begin with https://'],
    ['https://user@service.example/', 'must not contain a user name or password'],
    ['javascript:alert(1)', 'must begin with https://'],
  ])('refuses the default page %p', (defaultPage, mistake) => {
    expect(findMistakes({ publicUrl, returnOrigins, defaultPage })).toEqual([
      expect.stringMatching(/^defaultPage: /),
    ]);
    expect(findMistakes({ publicUrl, returnOrigins, defaultPage })[0]).toContain(mistake);
  });

  it.each(['/licences/auth', '/licences/auth/login?x=1', '/Licences/%61uth/'])(
    'refuses the default page %p of a deployment that has its routes there',
    (defaultPage) => {
      const shared = { publicUrl: 'https://service.example/licences/auth', defaultPage };
      expect(findMistakes(shared)).toEqual([
        expect.stringContaining('must not be below /licences/auth, where our own routes are'),
      ]);
      expect(findMistakes({ ...shared, defaultPage: '/licences/author' })).toEqual([]);
    },
  );

  it('accepts an absolute default page only at a return origin if there is no public URL', () => {
    expect(findMistakes({ defaultPage: 'https://service.example/' })).toEqual([
      expect.stringContaining('allowed: none (see returnOrigins)'),
    ]);
    expect(findMistakes({ returnOrigins, defaultPage: 'https://forms.example/' })).toEqual([]);
  });

  it.each([
    ['signedOutUrl', (signedOutUrl: string) => ({ signedOutUrl })],
    ['identity.notProvedUrl', (notProvedUrl: string) => ({ identity: { ...identity, notProvedUrl } })],
    [
      'identity.inPersonReturnUrl',
      (inPersonReturnUrl: string) => ({ identity: { ...identity, inPersonReturnUrl } }),
    ],
  ])('checks %s as it checks the default page', (field, changeTo) => {
    expect(findMistakes(changeTo('/result'))).toEqual([]);
    expect(findMistakes(changeTo('//evil.example'))).toEqual([
      `${field}: "//evil.example" must begin with a single /`,
    ]);
    expect(findMistakes(changeTo('https://evil.example/'))).toEqual([
      expect.stringContaining(`${field}: "https://evil.example/" is at an origin that is not allowed`),
    ]);
  });

  // id: all-mistakes-at-once
  it('reports all mistakes at once', () => {
    const mistakes = findMistakes({
      clientId: undefined,
      publicUrl: 'http://service.example/auth',
      authentication: { vtr: ['Cl.Cm.P2', 'X'] },
      identity: { vtr: ['Cl.Cm'], claims: [`${vocab}/nothing`] },
      scopes: [],
      signingKeys: [signs, { ...signs, kind: 'RSA' }],
      session: { idleMinutes: 100, absoluteMinutes: 50 },
      defaultPage: '//evil.example',
      returnOrigins: ['https://forms.example/', 'http://x.example'],
      switch: 'on',
    });

    expect([...new Set(mistakes.map((mistake) => mistake.split(':')[0]))].sort()).toEqual([
      'authentication.vtr[0]',
      'authentication.vtr[1]',
      'clientId',
      'defaultPage',
      'identity.claims',
      'identity.claims[0]',
      'identity.vtr[0]',
      'publicUrl',
      'returnOrigins[0]',
      'returnOrigins[1]',
      'scopes',
      'session.idleMinutes',
      'signingKeys',
      'signingKeys[1].kind',
      'signingKeys[1].name',
      'switch',
    ]);
  });

  // id: mistakes-name-the-file
  it('throws one error, whose message lists the mistakes under the name of the file', () => {
    const validate = () => validateConfig({ ...smallestConfig, clientId: 7, name: 'X' }, 'config/x.json');

    expect(validate).toThrow(ConfigError);
    expect(validate).toThrow(
      /^config\/x\.json has 2 mistakes:\n {2}- name: "X" is not allowed; allowed: .*\n {2}- clientId: 7 is not a text\. .*$/,
    );
  });

  it.each([[null], [[]], ['x'], [7]])('refuses %p in place of an object', (json) => {
    expect(() => validateConfig(json)).toThrow(/has a mistake:\n {2}- .* is not an object/);
  });
});

function readConfig(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../../config/${name}.json`, import.meta.url), 'utf8'));
}
