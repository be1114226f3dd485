import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openSecrets } from '../../lambdas/core/flow/attempt-secrets.ts';
import { sessionCookieName } from '../../lambdas/core/session/cookies.ts';
import { hash } from '../../lambdas/core/session/session-key.ts';
import { browserCookieIn } from '../support/browser-cookie.ts';
import { collectText, leaksIn, type Secrets } from '../support/leaks.ts';
import { useScriptedService } from '../support/scripted-service.ts';
import { WebBrowser } from '../support/web-browser.ts';

const service = await useScriptedService();

describe('the search for secrets', () => {
  const secret = 'Zoë "O\'Brien" <&>+/?ü漢字';

  test.each<[string, (text: string) => string]>([
    ['as it is', (text) => text],
    ['in JSON in JSON', (text) => JSON.stringify(JSON.stringify({ text }))],
    ['in a query string', (text) => String(new URLSearchParams({ text }))],
    ['percent-encoded', (text) => encodeURIComponent(text)],
    ['in base64', (text) => Buffer.from(`{"a":"${text}"}`).toString('base64')],
    ['in base64url, one byte later', (text) => Buffer.from(`{"ab":"${text}"}`).toString('base64url')],
    ['in base64url, two bytes later', (text) => Buffer.from(`{"abc":"${text}"}`).toString('base64url')],
    ['in hexadecimal digits', (text) => Buffer.from(text).toString('hex')],
    ['in a page', (text) => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`)],
    ['in a binary value', (text) => collectText([{ payload: { B: new TextEncoder().encode(text) } }])],
  ])('finds one %s', (_, write) => {
    expect(leaksIn(`before ${write(secret)} after`, { secret })).not.toEqual([]);
  });

  test('finds none where there is none', () => {
    expect(leaksIn(`${secret.slice(0, -1)} ${secret.slice(1)}`, { secret })).toEqual([]);
  });
});

describe('what a sign-in leaves behind', () => {
  const user = {
    subject: 'urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI',
    email: 'maria.okafor@example.com',
    'phone number': '+447700900123',
    'given name': 'Maria-Grace',
    'family name': 'Okafor-Bell',
    'birth date': '1985-03-11',
    'document number': '999123456',
    street: 'HADLEY ROAD',
    postcode: 'BA2 5AA',
  };
  const nameParts = [
    { type: 'GivenName', value: user['given name'] },
    { type: 'FamilyName', value: user['family name'] },
  ];
  const credentialSubject = { name: [{ nameParts }], birthDate: [{ value: user['birth date'] }] };
  service.provider.script = {
    sub: user.subject,
    accessToken: randomBytes(32).toString('base64url'),
    userinfo: {
      email: user.email,
      phone_number: user['phone number'],
      'https://vocab.account.gov.uk/v1/passport': [{ documentNumber: user['document number'] }],
      'https://vocab.account.gov.uk/v1/address': [{ streetName: user.street, postalCode: user.postcode }],
    },
    coreIdentity: { claims: { vc: { credentialSubject } } },
  };

  const dump = async () => collectText(await service.environment.dynamodb.dump());

  /** What is stored with an attempt, opened with its state. */
  async function readVerifier(state: string): Promise<string> {
    const rows = Object.values(await service.environment.dynamodb.dump()).flat();
    const row = rows.map((item) => Object(item)).find((item) => item.state_hash?.S === hash(state));
    return openSecrets({ nonce: row?.nonce?.S, codeVerifier: row?.code_verifier?.S }, state).codeVerifier;
  }

  test('neither tables nor logs identify the user or contain a usable secret', async () => {
    const { provider, begin, at, logText } = service;
    const browser = new WebBrowser();
    const code = randomBytes(32).toString('base64url');
    const { callback, ...attempt } = await begin(browser, code, '/prove-identity');
    const verifier = await readVerifier(attempt.state);
    expect(leaksIn(await dump(), { ...attempt, verifier, ...listCookies(browser) })).toEqual([]);
    expect((await browser.open(callback, { followRedirects: false })).status).toBe(303);

    const [idToken = '', coreIdentity = ''] = provider.tokens;
    const secrets: Secrets = {
      ...user,
      ...attempt,
      ...listCookies(browser),
      verifier,
      'access token': provider.script.accessToken,
      'ID token': idToken,
      'payload of the ID token': idToken.split('.')[1] ?? '',
      'core identity': coreIdentity,
      'payload of the core identity': coreIdentity.split('.')[1] ?? '',
    };
    for (const [name, secret] of Object.entries(secrets)) {
      expect([name, secret.length > 6]).toEqual([name, true]);
    }
    const userinfo = await browser.open(at('/userinfo'));
    expect(leaksIn(userinfo.body, user)).toContain('document number (as it is)');
    expect(leaksIn(await dump(), secrets)).toEqual([]);

    const from = { url: new URL(service.environment.url) };
    await browser.goFrom(from, at('/logout'), { followRedirects: false });
    expect((await browser.open(at('/userinfo'))).status).toBe(401);
    expect(leaksIn(await dump(), secrets)).toEqual([]);
    expect(leaksIn(logText(), secrets)).toEqual([]);
  });
});

function listCookies({ cookies }: WebBrowser): Secrets {
  const session = cookies.get(sessionCookieName);
  return {
    'browser cookie': browserCookieIn(cookies).value,
    ...(session === undefined ? {} : { 'session cookie': session, 'session token': session.slice(-43) }),
  };
}
