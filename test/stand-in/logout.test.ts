import { describe, expect, test } from '@jest/globals';
import { Browser } from './browser.ts';
import { postLogoutRedirectUri, useWorld } from './relying-party.ts';

const world = useWorld(
  { client: { backchannelLogoutUri: 'http://127.0.0.1:9/never' } },
  { signInAutomaticallyAs: 'maria', backchannelLogout: { held: true } },
);

/** @returns the destination of the logout */
async function logOut(
  parameters: Readonly<Record<string, string>>,
  browser = new Browser(),
): Promise<string> {
  const response = await browser.get(`${world.standIn.url}/logout?${new URLSearchParams(parameters)}`);
  expect(response.status).toBe(302);
  return response.headers.get('location') ?? '';
}

const hint = async () => (await world.rp.signIn()).idToken;

describe('a logout', () => {
  test('redirects to a registered URI with the state', async () => {
    const location = await logOut({
      id_token_hint: await hint(),
      post_logout_redirect_uri: postLogoutRedirectUri,
      state: 'a&b=ü',
    });
    expect(location).toBe(`${postLogoutRedirectUri}?state=a%26b%3D%C3%BC`);
  });

  test('accepts a hint that has expired', async () => {
    const id_token_hint = await hint();
    world.clock.advance(365 * 24 * 60 * 60 * 1000);
    expect(await logOut({ id_token_hint, post_logout_redirect_uri: postLogoutRedirectUri })).toBe(
      postLogoutRedirectUri,
    );
  });

  test('ends on a page of One Login without hint or URI', async () => {
    const signedOut = `${world.standIn.url}/signed-out`;
    expect(await logOut({})).toBe(signedOut);
    expect(await logOut({ post_logout_redirect_uri: postLogoutRedirectUri })).toBe(signedOut);
    expect(await logOut({ id_token_hint: await hint() })).toBe(signedOut);
    expect(await (await new Browser().get(signedOut)).text()).toContain('You have signed out');
  });

  test('ends the session of this browser only, and notifies the service for each of its codes', async () => {
    const [browser, other] = [new Browser(), new Browser()];
    await world.rp.signIn({}, browser);
    await world.rp.signIn({}, browser);
    await world.rp.signIn({}, other);
    await logOut({}, browser);
    expect(world.standIn.heldBackchannelLogouts).toBe(2);
    world.standIn.change({ signInAutomaticallyAs: null });
    const again = await browser.get(await world.rp.authorizeUrl());
    expect(again.headers.get('location')).toContain('/sign-in?journey=');
    expect((await world.rp.authorize({}, other)).has('code')).toBe(true);
  });
});

describe('a logout with a fault', () => {
  /** @returns the description on the error page */
  async function getError(parameters: Readonly<Record<string, string>>): Promise<string | null> {
    const browser = new Browser();
    await world.rp.signIn({}, browser);
    const location = new URL(await logOut({ ...parameters, state: 's' }, browser));
    expect(location.origin + location.pathname).toBe(`${world.standIn.url}/logout-error`);
    expect(location.searchParams.get('state')).toBe('s');
    expect(world.standIn.heldBackchannelLogouts).toBe(1);
    return location.searchParams.get('error_description');
  }

  test('such as a hint that is not a token ends the session and shows a page of One Login', async () => {
    expect(await getError({ id_token_hint: 'nonsense' })).toBe('unable to validate id_token_hint');
  });

  test('such as an unregistered URI shows the page', async () => {
    const parameters = { id_token_hint: await hint(), post_logout_redirect_uri: `${postLogoutRedirectUri}/` };
    expect(await getError(parameters)).toBe('client registry does not contain post_logout_redirect_uri');
  });

  test.each([
    ['INVALID_SIGNATURE', 'unable to validate id_token_hint'],
    ['INVALID_ALG_HEADER', 'unable to validate id_token_hint'],
    ['ALG_NONE', 'unable to validate id_token_hint'],
    ['INVALID_AUD', 'client not found'],
  ] as const)('such as a hint with %s shows the page', async (fault, description) => {
    world.standIn.change({ idToken: { next: [[fault]] } });
    expect(await getError({ id_token_hint: await hint() })).toBe(description);
  });

  test('such as a hint by a key that no longer signs shows the page', async () => {
    const id_token_hint = await hint();
    await world.standIn.rotateKeys('id_token', 'publish_new');
    expect(await logOut({ id_token_hint, post_logout_redirect_uri: postLogoutRedirectUri })).toBe(
      postLogoutRedirectUri,
    );
    await world.standIn.rotateKeys('id_token', 'use_new');
    expect(await getError({ id_token_hint })).toBe('unable to validate id_token_hint');
  });

  test('shows the error as text', async () => {
    const page = await new Browser().get(`${world.standIn.url}/logout-error?error_description=%3Cscript%3E`);
    expect(await page.text()).not.toContain('<script>');
  });
});
