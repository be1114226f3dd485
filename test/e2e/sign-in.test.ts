import { expect, test } from '@jest/globals';
import { choose, follow } from '../support/pages/visit.ts';
import { until } from '../support/until.ts';
import { inChromium } from './in-chromium.ts';
import { heading, usersOf } from './users.ts';

inChromium('signing in', (chromium) => {
  const users = usersOf(chromium);

  test('a user signs in, sees who they are, and signs out by the link', async () => {
    const page = await chromium.newPage();
    await page.goto(chromium.service.url);
    expect(await heading(page)).toBe('Example service');
    await follow(page.getByRole('button', { name: 'Start now' }));
    expect(page.url()).toContain(chromium.service.standIn.url);
    await choose({ page }, 'maria');
    await users.expectSignedIn(page, '/');
    expect(await page.locator('main').innerText()).toContain('maria@example.com');
    const cookies = await chromium.context.cookies(chromium.service.url);
    expect(
      cookies
        .filter(({ name }) => name.startsWith('__Host-'))
        .map(({ name }) => name)
        .sort(),
    ).toEqual([expect.stringMatching(/^__Host-one-login-browser-[\w-]{8}$/), '__Host-one-login-session']);
    await follow(page.getByRole('link', { name: 'Sign out' }));
    expect(page.url()).toContain(`${chromium.service.publicUrl}/signed-out`);
    expect(await heading(page)).toBe('You are signed out');
    await follow(page.getByRole('link', { name: 'Return to Example service' }));
    expect(await heading(page)).toBe('Example service');
  });

  test('an error at One Login ends on a page with one button, which leads to where the user wanted', async () => {
    const page = await chromium.newPage();
    await page.goto(users.loginUrl('/account'));
    await choose({ page }, 'ACCESS_DENIED_WITHOUT_DESCRIPTION');
    expect(await heading(page)).toBe('You have not been signed in');
    await page.reload();
    expect(await heading(page)).toBe('You have not been signed in');
    await users.expectSignedInOrOneButton(page, '/account');
  });

  test('a form at One Login that is sent twice ends signed in', async () => {
    const page = await chromium.newPage();
    await page.goto(users.loginUrl('/account'));
    await page.locator('button[value="maria"]').dblclick();
    await page.waitForURL(`${chromium.service.url}/**`);
    await users.expectSignedInOrOneButton(page, '/account');
  });

  test('a user who is signed in signs in once more, and comes back to where that was needed', async () => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await page.goto(`${chromium.service.publicUrl}/reauthenticate?return_to=${encodeURIComponent('/')}`);
    expect(page.url()).toContain(chromium.service.standIn.url);
    await choose({ page }, 'maria');
    await users.expectSignedIn(page, '/');
    expect(await page.locator('main').innerText()).toContain('Last signed in again');
  });

  test('a bookmark of the login page leads on who is signed in, and signs in who is not', async () => {
    const page = await chromium.newPage();
    await users.signIn(page);
    await page.goto(users.loginUrl('/account'));
    await users.expectSignedIn(page, '/account');
    await chromium.context.clearCookies();
    await users.signIn(page, '/account');
  });

  test('the browser would tell of a violation of the content security policy', async () => {
    const page = await chromium.newPage();
    const headers = { 'content-security-policy': "default-src 'none'" };
    await page.route('**/violation', (route) =>
      route.fulfill({ headers, contentType: 'text/html', body: '<style>p { color: red }</style>' }),
    );
    await page.goto(`${chromium.service.url}/violation`);
    await until('a complaint', () => chromium.complaints.length > 0);
    expect(chromium.complaints.splice(0).join()).toMatch(/Content Security Policy/);
  });
});
