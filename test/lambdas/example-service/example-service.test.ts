import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { createFrames } from '../../../lambdas/example-service/frames.ts';
import { createExampleService } from '../../../lambdas/example-service/handler.ts';
import type { ExampleFrames } from '../../../lambdas/example-service-pages.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { renderExampleFrames } from '../../../lib/example-service/render-frames.ts';
import { buttonScript } from '../../../lib/pages/button-script.ts';
import { type LoopbackServer, listenInternally } from '../../../local/loopback-server.ts';
import { apiEvent } from '../../support/api-event.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { findLink } from '../../support/html.ts';
import { pageConfig } from '../../support/rendered-pages.ts';
import { readHeading } from '../../support/web-browser.ts';

const frames: ExampleFrames = renderExampleFrames({
  ...pageConfig,
  serviceName: 'Apply <quickly>',
  serviceNameWelsh: 'Gwneud cais',
  publicUrl: 'https://service.example/auth',
  authorizers: [
    { level: 'Cl.Cm', claims: [], trustedOrigins: [] },
    { level: 'Cl.Cm.P2', claims: [], trustedOrigins: [] },
  ],
});
const cookie = `${sessionCookieName}=subject.token`;
const user = {
  sub: 'urn:fdc:gov.uk:2022:<b>',
  email: 'a&b@example.com',
  email_verified: true,
  phone_number: '+447700900000',
  phone_number_verified: false,
  vot: 'Cl.Cm',
  auth_time: 1_700_000_000,
  identity: { outcome: 'not_requested', names: [], birth_dates: [], return_codes: [] },
  session: { expires_at: 1_700_028_800, idle_expires_at: 1_700_003_600 },
};
const name = { full_name: 'Zoë <O’Brien>', given_names: ['Zoë'], family_names: ['<O’Brien>'] };
const proved = {
  ...user,
  identity: {
    outcome: 'proved',
    vot: 'P2',
    names: [{ ...name, full_name: 'Zoë Before', valid_until: '2020-01-31' }, name],
    birth_dates: ['1970-12-01'],
    return_codes: ['C'],
  },
  'https://vocab.account.gov.uk/v1/address': [
    { buildingNumber: '8', streetName: 'HADLEY ROAD', addressLocality: 'BATH', postalCode: 'BA2 5AA' },
    { buildingName: '<OLD MILL>', validUntil: '2020-01-31', uprn: 10_002_345 },
  ],
  'https://vocab.account.gov.uk/v1/passport': [
    { documentNumber: '999123456', icaoIssuerCode: 'GBR', expiryDate: '2032-02-02' },
  ],
  'https://vocab.account.gov.uk/v1/drivingPermit': [{ personalNumber: 'DOE99802085J99FG', issuedBy: 'DVLA' }],
};

const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Api {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts the service in front of an API whose `/userinfo` responds as given, by default with the user. */
async function start({ status = 200, body = user, headers = {} }: Api = {}) {
  const requests: string[] = [];
  const server = await listenInternally((request, response) => {
    requests.push(`${request.url} ${request.headers.cookie}`);
    // A redirect leads to another user, who must not be shown.
    const [code, answer] = request.url === '/elsewhere' ? [200, user] : [status, body];
    response.writeHead(code, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  servers.push(server);
  return { ...createService(`${server.url}/auth`), requests };
}

function createService(publicUrl: string, exampleFrames = frames) {
  const lines: string[] = [];
  const logger = createLogger({ deployment: 'test', write: (line) => lines.push(line) });
  const handler = createExampleService({
    publicUrl,
    sessionCookie: sessionCookieName,
    frames: createFrames(() => exampleFrames, publicUrl),
    logger,
    timeout: 10_000,
  });
  const open = (
    path: string,
    cookies: string = cookie,
    method = 'GET',
    authorizer: APIGatewayProxyEvent['requestContext']['authorizer'] = null,
  ): Promise<APIGatewayProxyResult> => {
    const event = apiEvent({ path, method, headers: cookies === '' ? {} : { Cookie: cookies } });
    return handler({ ...event, requestContext: { ...event.requestContext, authorizer } });
  };
  return { open, lines };
}

/** Opens a page of a service whose `/userinfo` responds as given. */
const openPage = async (path: string, api: Api = {}) => (await start(api)).open(path);

describe('the example service', () => {
  test('has a start page with a button that signs in', async () => {
    const { statusCode, body } = await openPage('/', { status: 401, body: { error: 'login_required' } });

    expect([statusCode, readHeading({ body })]).toEqual([200, 'Apply <quickly>']);
    expect(body).toContain('<title>Apply &#60;quickly&#62; – GOV.UK</title>');
    expect(body).toContain('href="/auth/login?return_to=%2F&#38;lang=en" role="button"');
    expect(body).not.toContain('/auth/logout');
  });

  test.each([
    ['/', 'GET', `/auth/userinfo ${cookie}`],
    ['/account', 'HEAD', `/auth/userinfo?peek=1 ${cookie}`],
    ['/session', 'GET', `/auth/userinfo?peek=1 ${cookie}`],
  ])('sends the session cookie and no other to userinfo for %s by %s', async (path, method, request) => {
    const { open, requests } = await start();
    const { body } = await open(path, `theme=dark; ${cookie}; other=1`, method);

    expect(requests).toEqual([request]);
    expect(body === '').toBe(method === 'HEAD');
  });

  test.each([
    ['no session cookie', 'theme=dark'],
    ['two session cookies', `${cookie}; ${cookie}`],
    ['a session cookie with other characters', `${cookie}\u0001`],
  ])('makes no request to userinfo for %s', async (_, cookies) => {
    const { open, requests } = await start();

    expect((await open('/account', cookies)).statusCode).toBe(303);
    expect(requests).toEqual([]);
  });

  // id: example-shows-sign-out
  test('shows the claims of the user, escaped, with the header by which they sign out', async () => {
    const { body } = await openPage('/');

    expect(readHeading({ body })).toBe('You are signed in');
    for (const text of [
      'urn:fdc:gov.uk:2022:&#60;b&#62;',
      'a&#38;b@example.com',
      '+447700900000',
      'Phone number confirmed',
      '<time datetime="2023-11-14T22:13:20.000Z">14 November 2023 at 22:13</time>',
      'https://home.account.gov.uk',
    ]) {
      expect(body).toContain(text);
    }
    expect(findLink(body, 'Sign out')).toMatch(/\/auth\/logout\?lang=en$/);
    expect(findLink(body, 'Your account')).toBe('/account?lang=en');
  });

  test('shows a proved identity with names, dates, addresses and documents', async () => {
    const { body } = await openPage('/', { body: proved });

    for (const line of [
      'Zoë &#60;O’Brien&#62;<',
      'Zoë Before, until 31 January 2020',
      '1 December 1970',
      '8 HADLEY ROAD<br>BATH<br>BA2 5AA<',
      '&#60;OLD MILL&#62;<br>until 31 January 2020',
      '999123456 (GBR), until 2 February 2032',
      'DOE99802085J99FG (DVLA)<',
      '>P2<',
      '>C<',
    ]) {
      expect(body.replaceAll('\n', '')).toContain(line);
    }
    expect(body).not.toMatch(/undefined|\[object/);
  });

  test.each(['1985', '1985-03', '11/03/1985', '1985-02-30', 'soon'])(
    'shows the birth date %s as it is, because it is not a date',
    async (date) => {
      const body = { ...proved, identity: { ...proved.identity, birth_dates: [date] } };
      expect((await openPage('/', { body })).body).toContain(`>${date}<`);
    },
  );

  test.each([
    ['no claim but sub', { sub: 's', phone_number_verified: false }],
    [
      'claims of unexpected types',
      {
        sub: 's',
        email: 7,
        auth_time: 1e300,
        session: null,
        identity: { outcome: '<i>', names: 'none', birth_dates: [{}, 'soon'], return_codes: null },
        'https://vocab.account.gov.uk/v1/address': [null, { streetName: {} }],
      },
    ],
  ])('shows a user with %s', async (_, answer) => {
    const { statusCode, body } = await openPage('/', { body: answer });

    expect(statusCode).toBe(200);
    expect(body).not.toMatch(/undefined|\[object|<i>|Invalid|NaN|Phone number confirmed/);
  });

  // id: example-sends-to-sign-in
  test('sends users who are not signed in to sign in and come back in their language', async () => {
    expect(await openPage('/account?lang=cy', { status: 401, body: {} })).toMatchObject({
      statusCode: 303,
      headers: {
        Location: '/auth/login?return_to=%2Faccount%3Flang%3Dcy&lang=cy',
        'Cache-Control': 'no-store',
      },
    });
  });

  test('has an account page for users who are signed in', async () => {
    const { body } = await openPage('/account');

    expect(readHeading({ body })).toBe('Your account');
    expect(body).toContain('a&#38;b@example.com');
  });

  test.each<[string, Api]>([
    ['who is not signed in', { status: 401, body: {} }],
    ['whose identity was not requested', {}],
    ['whose identity was not proved', { body: { ...user, identity: { outcome: 'not_proved', names: [] } } }],
    ['without an identity', { body: { ...user, identity: undefined } }],
  ])('offers to prove an identity, where one is needed, to a user %s', async (_, api) => {
    const page = await openPage('/application', api);

    expect([page.statusCode, readHeading(page)]).toEqual([403, 'You need to prove your identity']);
    expect(findLink(page.body, 'Prove your identity')).toBe(
      '/auth/prove-identity?return_to=%2Fapplication&lang=en',
    );
  });

  test('shows their current name to users whose identity is proved', async () => {
    const { statusCode, body } = await openPage('/application', { body: proved });

    expect(statusCode).toBe(200);
    expect(body).toContain('Your name is Zoë &#60;O’Brien&#62;.');
  });

  const again = '/auth/prove-identity?return_to=%2Fidentity-result&lang=en';
  test.each([
    ['proved', 'You have proved your identity.', 'Continue to your application', '/application'],
    ['not_proved', 'You could not prove your identity.', 'Try again', again],
    ['not_requested', 'You have not been asked to prove your identity yet.', 'Prove your identity', again],
  ])('shows the result of an identity check that was %s', async (outcome, text, action, href) => {
    const answer = { ...proved, identity: { ...proved.identity, outcome } };
    const { body } = await openPage('/identity-result', { body: answer });

    expect(body).toContain(text);
    expect(findLink(body, action)).toBe(href);
  });

  test('shows how long the session lasts', async () => {
    const { body } = await openPage('/session');

    expect(body).toContain('14 November 2023 at 23:13');
    expect(findLink(body, 'Stay signed in')).toBe('/');
  });

  test('shows users whose session has ended that they have been signed out', async () => {
    const page = await openPage('/session', { status: 401, body: {} });

    expect([page.statusCode, readHeading(page)]).toEqual([200, 'You have been signed out']);
    expect(findLink(page.body, 'Sign in again')).toBe('/auth/login?return_to=%2F&lang=en');
  });

  test.each([
    ['the session', '/', 'cy', '1 Rhagfyr 1970', 'Eich cyfrif', 'Allgofnodi', 'en'],
    ['the address', '/?lang=en', 'en', '1 December 1970', 'Your account', 'Sign out', 'cy'],
  ])('has the language of %s, and its links keep it', async (_, path, lang, date, account, leave, other) => {
    const { body } = await openPage(path, {
      body: { ...proved, session: { ...user.session, language: 'cy' } },
    });

    expect(body).toContain(`<html lang="${lang}"`);
    expect(body).toContain(date);
    expect(findLink(body, account)).toBe(`/account?lang=${lang}`);
    expect(findLink(body, leave)).toMatch(new RegExp(`/auth/logout\\?lang=${lang}$`));
    expect(body).toContain(`href="/?lang=${other}"`);
    expect(body.includes('Gwneud cais')).toBe(lang === 'cy');
  });

  test.each(['/', '/account'])('passes on the cookies that the API sets at %s', async (path) => {
    const set = '__Host-one-login-session=; Max-Age=0';
    const page = await openPage(path, { status: 401, body: {}, headers: { 'set-cookie': set } });

    expect(page.multiValueHeaders).toEqual({ 'Set-Cookie': [set] });
  });

  test.each<[string, Api]>([
    ['is unavailable', { status: 503, body: { error: 'dynamodb_unavailable' } }],
    ['fails with a body that looks like a user', { status: 500 }],
    ['is busy', { status: 429, body: {} }],
    ['returns a page', { body: '<html>' }],
    ['returns JSON without a user', { body: {} }],
    ['redirects', { status: 302, body: '', headers: { location: '/elsewhere' } }],
  ])('neither redirects to sign in nor lets the user in when userinfo %s', async (_, api) => {
    for (const path of ['/', '/account', '/application', '/session']) {
      const page = await openPage(path, api);
      expect([page.statusCode, readHeading(page)]).toEqual([
        503,
        'Sorry, there is a problem with the service',
      ]);
      expect(page.headers?.['Retry-After']).toBe('60');
    }
  });

  test('shows that there is a problem when nothing listens', async () => {
    const gone = await listenInternally(() => undefined);
    await gone.close();

    expect((await createService(`${gone.url}/auth`).open('/')).statusCode).toBe(503);
  });

  test.each([
    ['who is not signed in', '', 0],
    ['who is signed in', cookie, 1],
  ])(
    'runs only the script of the buttons and the session timeout dialog, for a user %s',
    async (_, cookies, dialogs) => {
      const { open } = await start();
      const { headers, body } = await open('/', cookies);
      const dialog = '<script src="/auth/assets/session-timeout.js" defer></script>';

      expect(headers?.['Content-Security-Policy']).toMatch(
        /^default-src 'none';(?!.*(unsafe|script-src (?!'self' 'sha256-[\w+/=]+';))).*; connect-src 'self'$/,
      );
      expect(body.split(dialog)).toHaveLength(dialogs + 1);
      expect(headers?.['Cache-Control']).toBe('no-store');
      expect(body.replace(`<script>${buttonScript}</script>`, '').replace(dialog, '')).not.toMatch(
        /<script|\son\w+=|\sstyle=/,
      );
    },
  );

  test.each([
    ['who is signed in', cookie],
    ['who is not signed in', ''],
  ])('links to its protected API for a user %s', async (_, cookies) => {
    const { open } = await start();
    const { body } = await open('/', cookies);

    expect(findLink(body, 'See your account as JSON if you are signed in')).toBe('/api/account');
    expect(findLink(body, 'See your identity as JSON if you have proved it')).toBe('/api/identity');
  });

  test('does not mention an API that the deployment has no authorizers for', async () => {
    const { open } = createService('https://service.example/auth', { ...frames, apiPaths: [] });
    expect((await open('/', '')).body).not.toMatch(/API|JSON/);
  });

  test('returns what the authorizer passes on, decoded, from its API without a request to userinfo', async () => {
    const { open, requests } = await start();
    const context = {
      sub: 'urn:fdc:gov.uk:2022:100%25',
      names: '[{"full_name":"Zo%C3%AB%20O’Brien"}]',
      identity_vot: '-',
      principalId: 'principal',
      integrationLatency: 12,
    };
    const { statusCode, headers, body } = await open('/api/account', cookie, 'GET', context);

    expect([statusCode, headers]).toMatchObject([
      200,
      { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    ]);
    expect(JSON.parse(body)).toEqual({
      sub: 'urn:fdc:gov.uk:2022:100%',
      names: '[{"full_name":"Zoë O’Brien"}]',
      identity_vot: '-',
    });
    expect(requests).toEqual([]);
  });

  test.each([null, {}])('fails when no authorizer protects its API: %j', async (context) => {
    const { open, lines } = await start();

    await expect(open('/api/account', cookie, 'GET', context)).rejects.toThrow('has no authorizer');
    expect(lines.join()).toContain('"failed"');
  });

  test('logs a line for each request, without anything about the user', async () => {
    const { open, lines } = await start();
    await open('/account?secret=1');

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'answered', route: 'example-service', request_id: expect.any(String), status: 200 },
    ]);
    expect(lines.join()).not.toMatch(/example\.com|subject\.token|secret/);
  });

  test('without a domain has links and return_to that begin with the stage', async () => {
    const { open } = createService(
      'https://abc.execute-api.eu-west-2.amazonaws.com/live/auth',
      renderExampleFrames({ ...pageConfig, authorizers: [] }),
    );
    expect((await open('/account', '')).headers?.['Location']).toBe(
      '/live/auth/login?return_to=%2Flive%2Faccount&lang=en',
    );
    const { body } = await open('/', '');
    expect(body).toContain('href="/live/auth/login?return_to=%2Flive%2F&#38;lang=en"');
    expect(body).toContain('href="/live/?lang=cy"');
  });
});
