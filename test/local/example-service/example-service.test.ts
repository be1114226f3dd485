import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createExampleService } from '../../../local/example-service/example-service.ts';
import { type LoopbackServer, listenInternally } from '../../../local/loopback-server.ts';

const servers: LoopbackServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = await listenInternally(listener);
  servers.push(server);
  return server.url;
}

/** The service in front of an API that answers `/userinfo` as given; notes which cookies it was asked with. */
async function start(status: number, body: string, headers: Record<string, string> = {}) {
  const asked: (string | undefined)[] = [];
  const api = await serve((request, response) => {
    asked.push(request.headers.cookie);
    response.writeHead(request.url === '/auth/userinfo' ? status : 404, headers).end(body);
  });
  return { url: await serve(createExampleService(`${api}/auth`)), asked };
}

const user = {
  sub: 'urn:fdc:gov.uk:2022:<b>',
  email: 'a&b@example.com',
  phone_number: '+447700900000',
  vot: 'Cl.Cm',
  auth_time: 1_700_000_000,
  session: { expires_at: 1_700_028_800, idle_expires_at: 1_700_003_600 },
};

describe('the example service', () => {
  test('offers to sign in', async () => {
    const { url } = await start(401, '{"error":"login_required"}');
    const response = await fetch(url);
    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain('<h1>You are not signed in</h1>');
    expect(page).toContain('<a href="/auth/login?return_to=/">Sign in</a>');
    expect(page).not.toContain('Sign out');
  });

  test('shows who is signed in, escaped, and offers to sign out', async () => {
    const { url, asked } = await start(200, JSON.stringify(user));
    const page = await (
      await fetch(url, { headers: { cookie: '__Host-one-login-session=a.b; other=1' } })
    ).text();
    expect(asked).toEqual(['__Host-one-login-session=a.b; other=1']);
    expect(page).toContain('<dt>Subject identifier</dt><dd>urn:fdc:gov.uk:2022:&#60;b&#62;</dd>');
    expect(page).toContain('<dd>a&#38;b@example.com</dd>');
    expect(page).toContain('<dd>+447700900000</dd>');
    expect(page).toContain('<dd>Cl.Cm</dd>');
    expect(page).toContain('<time datetime="2023-11-14T22:13:20.000Z">2023-11-14 22:13:20 UTC</time>');
    expect(page).toContain('<dt>Session ends</dt>');
    expect(page).toContain('<a href="/auth/logout">Sign out</a>');
  });

  test('shows only what is known of the user', async () => {
    const { url } = await start(200, '{"sub":"s","vot":"Cl"}');
    const page = await (await fetch(url)).text();
    expect(page).not.toContain('Phone number');
    expect(page).not.toContain('undefined');
  });

  test('sends whoever is not signed in to do so, and has them come back', async () => {
    const { url } = await start(401, '{}');
    const response = await fetch(new URL('/account', url), { redirect: 'manual' });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/auth/login?return_to=/account');
  });

  test('shows a page of their own to users who are signed in', async () => {
    const { url } = await start(200, JSON.stringify(user));
    const page = await (await fetch(new URL('/account', url))).text();
    expect(page).toContain('Only you can see this page, a&#38;b@example.com.');
  });

  test.each([
    ['nobody', 401, {}],
    ['a user who was not asked to', 200, { ...user, identity: { outcome: 'not_requested', names: [] } }],
    ['a user who could not', 200, { ...user, identity: { outcome: 'not_proved', names: [] } }],
    ['a user of whom it is not known', 200, user],
  ])('offers the step up where an identity must be proved, to %s', async (_, status, body) => {
    const { url } = await start(status, JSON.stringify(body));
    const response = await fetch(new URL('/application', url));
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('href="/auth/prove-identity?return_to=/application"');
  });

  test('shows their name to users whose identity is proved', async () => {
    const identity = { outcome: 'proved', names: [{ full_name: 'Zoë <O’Brien>' }] };
    const { url } = await start(200, JSON.stringify({ ...user, identity }));
    const page = await (await fetch(new URL('/application', url))).text();
    expect(page).toContain('Your name is Zoë &#60;O’Brien&#62;.');
  });

  test('needs no script and allows none', async () => {
    const { url } = await start(401, '{}');
    const response = await fetch(url);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toContain('<script');
  });

  test('hands on the cookies that the API sets', async () => {
    const { url } = await start(401, '{}', { 'set-cookie': '__Host-one-login-session=; Max-Age=0' });
    expect((await fetch(url)).headers.getSetCookie()).toEqual(['__Host-one-login-session=; Max-Age=0']);
  });

  test.each([
    ['the API is unavailable', 503, '{"error":"temporarily_unavailable"}', 503],
    ['the API answers nonsense', 200, 'no JSON', 502],
    ['the API redirects', 303, '', 502],
  ])('says that there is a problem when %s', async (_name, status, body, expected) => {
    const { url } = await start(status, body, status === 303 ? { location: '/elsewhere' } : {});
    const response = await fetch(url);
    expect(response.status).toBe(expected);
    expect(await response.text()).toContain('Sorry, there is a problem with the service');
  });

  test('says that there is a problem when nothing listens', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = Object(gone.address());
    await new Promise((resolve) => gone.close(resolve));
    const url = await serve(createExampleService(`http://127.0.0.1:${port}/auth`));
    expect((await fetch(url)).status).toBe(502);
  });

  test('has a page for what there is not, and only lets itself be looked at', async () => {
    const { url } = await start(401, '{}');
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
    const response = await fetch(url, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});
