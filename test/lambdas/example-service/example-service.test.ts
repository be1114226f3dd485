import { createServer } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { createFrames } from '../../../lambdas/example-service/frames.ts';
import { createExampleService } from '../../../lambdas/example-service/handler.ts';
import type { ExampleFrames } from '../../../lambdas/example-service-pages.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { renderExampleFrames } from '../../../lib/example-service/render-frames.ts';
import { buttonScript } from '../../../lib/pages/button-script.ts';
import { type LoopbackServer, listenInternally } from '../../../local/loopback-server.ts';
import { apiEvent } from '../../support/api-event.ts';
import { linkOf } from '../../support/html.ts';
import { pageConfig } from '../../support/rendered-pages.ts';
import { headingOf } from '../../support/web-browser.ts';

const frames: ExampleFrames = renderExampleFrames({
  ...pageConfig,
  serviceName: 'Apply <quickly>',
  serviceNameWelsh: 'Gwneud cais',
  publicUrl: 'https://service.example/auth',
});
const cookie = '__Host-one-login-session=subject.token';
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

/** The service in front of an API that answers `/userinfo` as given. */
async function start(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const server = await listenInternally((request, response) => {
    asked.push(`${request.url} ${request.headers.cookie}`);
    // Where a redirect leads to there is a user, whom nobody may take for the one who asked.
    const [code, answer] = request.url === '/elsewhere' ? [200, user] : [status, body];
    response.writeHead(code, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  servers.push(server);
  return { ...serviceAt(`${server.url}/auth`), asked };
}

function serviceAt(publicUrl: string) {
  const lines: string[] = [];
  const logger = createLogger({ deployment: 'test', write: (line) => lines.push(line) });
  const handler = createExampleService({
    publicUrl,
    frames: createFrames(() => frames, publicUrl),
    logger,
    timeout: 10_000,
  });
  const open = (path: string, cookies: string = cookie): Promise<APIGatewayProxyResult> =>
    handler(apiEvent({ path, headers: cookies === '' ? {} : { Cookie: cookies } }));
  const head = (path: string) => handler(apiEvent({ path, method: 'HEAD', headers: { Cookie: cookie } }));
  return { open, head, lines };
}

describe('the example service', () => {
  test('begins with a start page, whose button signs in', async () => {
    const { open } = await start(401, { error: 'login_required' });
    const { statusCode, body } = await open('/');

    expect([statusCode, headingOf({ body })]).toEqual([200, 'Apply <quickly>']);
    expect(body).toContain('<title>Apply &#60;quickly&#62; – GOV.UK</title>');
    expect(body).toContain('href="/auth/login?return_to=%2F&#38;lang=en" role="button"');
    expect(body).not.toContain('/auth/logout');
  });

  test('asks with the session cookie, and no other', async () => {
    const { open, asked } = await start(200, user);
    await open('/', `theme=dark; ${cookie}; other=1`);

    expect(asked).toEqual([`/auth/userinfo ${cookie}`]);
  });

  test.each([
    ['no session cookie', 'theme=dark'],
    ['two of them', `${cookie}; ${cookie}`],
    ['one with other characters', `${cookie}\u0001`],
  ])('takes %s for nobody, without asking', async (_, cookies) => {
    const { open, asked } = await start(200, user);

    expect((await open('/account', cookies)).statusCode).toBe(303);
    expect(asked).toEqual([]);
  });

  test('shows what it knows of the user, escaped, with the header by which they sign out', async () => {
    const { open } = await start(200, user);
    const { body } = await open('/');

    expect(headingOf({ body })).toBe('You are signed in');
    expect(body).toContain('urn:fdc:gov.uk:2022:&#60;b&#62;');
    expect(body).toContain('a&#38;b@example.com');
    expect(body).toContain('+447700900000');
    expect(body).toContain('<time datetime="2023-11-14T22:13:20.000Z">14 November 2023 at 22:13</time>');
    expect(linkOf(body, 'Sign out')).toMatch(/\/auth\/logout\?lang=en$/);
    expect(linkOf(body, 'Your account')).toBe('/account?lang=en');
    expect(body).toContain('https://home.account.gov.uk');
  });

  test('says whether a phone number is confirmed, where there is one', async () => {
    const pageOf = async (claims: object) =>
      (await (await start(200, { sub: 's', ...claims })).open('/')).body;

    expect(await pageOf({ phone_number: '+447700900000', phone_number_verified: false })).toContain(
      'Phone number confirmed',
    );
    expect(await pageOf({ phone_number_verified: false })).not.toContain('Phone number confirmed');
  });

  test('shows an identity that was proved: names, dates, addresses and documents', async () => {
    const { open } = await start(200, proved);
    const { body } = await open('/');

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

  test.each(['1985', '1985-03', '11/03/1985', '1985-02-30', 'soon'])('makes no date of %s', async (date) => {
    const { open } = await start(200, { ...proved, identity: { ...proved.identity, birth_dates: [date] } });
    expect((await open('/')).body).toContain(`>${date}<`);
  });

  test.each([
    ['nothing but who it is', { sub: 's' }],
    [
      'what nobody expects',
      {
        sub: 's',
        email: 7,
        auth_time: 1e300,
        session: null,
        identity: { outcome: '<i>', names: 'none', birth_dates: [{}, 'soon'], return_codes: null },
        'https://vocab.account.gov.uk/v1/address': [null, { streetName: {} }],
      },
    ],
  ])('copes with %s', async (_, answer) => {
    const { open } = await start(200, answer);
    const { statusCode, body } = await open('/');

    expect(statusCode).toBe(200);
    expect(body).not.toMatch(/undefined|\[object|<i>|Invalid|NaN/);
  });

  test('sends whoever is not signed in to do so, and has them come back in their language', async () => {
    const { open } = await start(401, {});
    const { statusCode, headers } = await open('/account?lang=cy');

    expect([statusCode, headers?.['Location']]).toEqual([
      303,
      '/auth/login?return_to=%2Faccount%3Flang%3Dcy&lang=cy',
    ]);
    expect(headers?.['Cache-Control']).toBe('no-store');
  });

  test('shows a page of their own to users who are signed in', async () => {
    const { open } = await start(200, user);
    const { body } = await open('/account');

    expect(headingOf({ body })).toBe('Your account');
    expect(body).toContain('a&#38;b@example.com');
  });

  test.each([
    ['nobody', 401, {}],
    ['a user who was not asked to', 200, user],
    ['a user who could not', 200, { ...user, identity: { outcome: 'not_proved', names: [] } }],
    ['a user of whom it is not known', 200, { ...user, identity: undefined }],
  ])('offers the step up where an identity must be proved, to %s', async (_, status, body) => {
    const { open } = await start(status, body);
    const page = await open('/application');

    expect([page.statusCode, headingOf(page)]).toEqual([403, 'You need to prove your identity']);
    expect(linkOf(page.body, 'Prove your identity')).toBe(
      '/auth/prove-identity?return_to=%2Fapplication&lang=en',
    );
  });

  test('shows their current name to users whose identity is proved', async () => {
    const { open } = await start(200, proved);
    const { statusCode, body } = await open('/application');

    expect(statusCode).toBe(200);
    expect(body).toContain('Your name is Zoë &#60;O’Brien&#62;.');
  });

  test.each([
    ['proved', 'You have proved your identity.', 'Continue to your application', '/application'],
    [
      'not_proved',
      'You could not prove your identity.',
      'Try again',
      '/auth/prove-identity?return_to=%2Fidentity-result&lang=en',
    ],
    [
      'not_requested',
      'You have not been asked to prove your identity yet.',
      'Prove your identity',
      '/auth/prove-identity?return_to=%2Fidentity-result&lang=en',
    ],
  ])('says what came of an identity check that was %s', async (outcome, text, action, href) => {
    const { open } = await start(200, { ...proved, identity: { ...proved.identity, outcome } });
    const { body } = await open('/identity-result');

    expect(body).toContain(text);
    expect(linkOf(body, action)).toBe(href);
  });

  test('tells how long the session lasts without prolonging it', async () => {
    const { open, asked } = await start(200, user);
    const { body } = await open('/session');

    expect(asked).toEqual([`/auth/userinfo?peek=1 ${cookie}`]);
    expect(body).toContain('14 November 2023 at 23:13');
    expect(linkOf(body, 'Stay signed in')).toBe('/');
  });

  test('tells whose session has ended that it has', async () => {
    const { open } = await start(401, {});
    const page = await open('/session');

    expect([page.statusCode, headingOf(page)]).toEqual([200, 'You have been signed out']);
    expect(linkOf(page.body, 'Sign in again')).toBe('/auth/login?return_to=%2F&lang=en');
  });

  test('speaks Welsh, and stays with it', async () => {
    const { open } = await start(200, proved);
    const { body } = await open('/?lang=cy');

    expect(body).toContain('<html lang="cy"');
    expect(headingOf({ body })).toBe('Rydych wedi mewngofnodi');
    expect(body).toContain('1 Rhagfyr 1970');
    expect(linkOf(body, 'Eich cyfrif')).toBe('/account?lang=cy');
    expect(linkOf(body, 'Allgofnodi')).toMatch(/\/auth\/logout\?lang=cy$/);
    expect(linkOf(body, 'English')).toBe('/?lang=en');
    expect(body).toContain('Gwneud cais');
  });

  test('hands on the cookies that the API sets', async () => {
    const set = '__Host-one-login-session=; Max-Age=0';
    const { open } = await start(401, {}, { 'set-cookie': set });

    expect((await open('/')).multiValueHeaders).toEqual({ 'Set-Cookie': [set] });
    expect((await open('/account')).multiValueHeaders).toEqual({ 'Set-Cookie': [set] });
  });

  test.each([
    ['is unavailable', 503, { error: 'dynamodb_unavailable' }],
    ['fails with a body that looks like a user', 500, user],
    ['is busy', 429, {}],
    ['answers with a page', 200, '<html>'],
    ['answers with JSON of nobody', 200, {}],
    ['redirects', 302, ''],
  ])('sends nobody to sign in, and lets nobody in, when userinfo %s', async (_, status, body) => {
    const { open } = await start(status, body, status === 302 ? { location: '/elsewhere' } : {});

    for (const path of ['/', '/account', '/application', '/session']) {
      const page = await open(path);
      expect([page.statusCode, headingOf(page)]).toEqual([503, 'Sorry, there is a problem with the service']);
      expect(page.headers?.['Retry-After']).toBe('60');
    }
  });

  test('says that there is a problem when nothing listens', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = Object(gone.address());
    await new Promise((resolve) => gone.close(resolve));

    expect((await serviceAt(`http://127.0.0.1:${port}/auth`).open('/')).statusCode).toBe(503);
  });

  test('has no script but that of the buttons, and allows nothing but it and our own assets', async () => {
    const { open } = await start(200, user);
    const { headers, body } = await open('/');

    expect(headers?.['Content-Security-Policy']).toMatch(
      /^default-src 'none';(?!.*(unsafe|script-src (?!'sha256-[\w+/=]+';)))/,
    );
    expect(headers?.['Cache-Control']).toBe('no-store');
    expect(body.replace(`<script>${buttonScript}</script>`, '')).not.toMatch(/<script|\son\w+=|\sstyle=/);
  });

  test('writes a line for each request, without a word of the user', async () => {
    const { open, lines } = await start(200, user);
    await open('/account?secret=1');

    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'answered', route: 'example-service', request_id: expect.any(String), status: 200 },
    ]);
    expect(lines.join()).not.toMatch(/example\.com|subject\.token|secret/);
  });
});

test('without a domain, links and return_to begin with the stage', async () => {
  const { publicUrl: _, ...withoutDomain } = { ...pageConfig, publicUrl: undefined };
  const publicUrl = 'https://abc.execute-api.eu-west-2.amazonaws.com/live/auth';
  const handler = createExampleService({
    publicUrl,
    frames: createFrames(() => renderExampleFrames(withoutDomain), publicUrl),
    logger: createLogger({ deployment: 'test', write: () => {} }),
    timeout: 10_000,
  });
  const open = (path: string) => handler(apiEvent({ path }));

  expect((await open('/account')).headers?.['Location']).toBe(
    '/live/auth/login?return_to=%2Flive%2Faccount&lang=en',
  );
  expect((await open('/')).body).toContain('href="/live/auth/login?return_to=%2Flive%2F&#38;lang=en"');
  expect((await open('/')).body).toContain('href="/live/?lang=cy"');
});

describe('the language of the example service', () => {
  const welsh = { ...user, session: { ...user.session, language: 'cy' } };

  test('is that of the session, and links name it', async () => {
    const { body } = await (await start(200, welsh)).open('/');
    expect(body).toContain('<html lang="cy"');
    expect(linkOf(body, 'Eich cyfrif')).toBe('/account?lang=cy');
    expect(body).toContain('href="/?lang=en"');
  });

  test('is the one that the address names, whatever the session has', async () => {
    const { body } = await (await start(200, welsh)).open('/?lang=en');
    expect(body).toContain('<html lang="en"');
    expect(linkOf(body, 'Your account')).toBe('/account?lang=en');
    expect(body).toContain('href="/?lang=cy"');
  });
});

test('HEAD is no activity, and has no body', async () => {
  const { head, asked } = await start(200, user);
  expect(await head('/account')).toMatchObject({ statusCode: 200, body: '' });
  expect(asked).toEqual([`/auth/userinfo?peek=1 ${cookie}`]);
});
