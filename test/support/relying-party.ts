import type { APIGatewayProxyResult } from 'aws-lambda';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import { Browser, locationOf } from './browser.ts';
import { createInstance, createMemoryStores, type InstanceOptions, sessionLifetimes } from './instance.ts';
import {
  did,
  didBody,
  didDocumentUrl,
  discoveryBody,
  documentOf,
  identityIssuer,
  issuer,
  jwksBody,
} from './provider-documents.ts';
import { SigningProvider } from './signing-provider.ts';
import { TestClock } from './test-clock.ts';
import { TestSigner } from './test-signer.ts';

export const publicUrl = 'https://service.example/auth';
export const clientId = 'the-client';

/** The handlers of one deployment over stores in memory and a provider in this process, at the test's own time. */
export async function startRelyingParty(
  settings: Pick<
    InstanceOptions['settings'],
    'maxAge' | 'notProvedUrl' | 'signedOutUrl' | 'vtr' | 'identityVtr'
  > = {},
) {
  const clock = new TestClock();
  const provider = new SigningProvider(() => clock.now());
  const stores = createMemoryStores();
  const { attempts, sessions, store } = stores;
  await store.put(documentOf('discovery', discoveryBody, clock.now()));
  await store.put(documentOf('jwks', jwksBody(...provider.published), clock.now()));
  await store.put(documentOf('did', didBody(provider.identityKey), clock.now()));
  const signer = new TestSigner();
  const logLines: string[] = [];
  const routes = createInstance({
    ...stores,
    clock,
    provider,
    signer,
    write: (line) => logLines.push(line),
    settings: {
      ...settings,
      clientId,
      publicUrl,
      issuer,
      coreIdentity: { issuer: identityIssuer, did, didDocumentUrl },
      claims: Object.values(identityClaimNames),
    },
  });
  const browser = () => new Browser(routes);

  /** Begins in the browser, and what One Login sends it back with. */
  async function begin(inBrowser: Browser, query = '', at = '/auth/login') {
    return provider.authorize(locationOf(await inBrowser.request(at + query)));
  }
  const callback = (inBrowser: Browser, response: Readonly<Record<string, string>>) =>
    inBrowser.request(`/auth/callback?${new URLSearchParams(response)}`);
  async function signIn(inBrowser: Browser, query = ''): Promise<APIGatewayProxyResult> {
    return callback(inBrowser, await begin(inBrowser, query));
  }
  /** Posts a logout token as One Login does. */
  const notify = (token: string) =>
    browser().request('/auth/backchannel-logout', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });
  const userinfo = async (inBrowser: Browser, query = '') => {
    const response = await inBrowser.request(`/auth/userinfo${query}`);
    return { status: response.statusCode, body: JSON.parse(response.body) as Record<string, unknown> };
  };
  return {
    routes,
    clock,
    provider,
    attempts,
    sessions,
    store,
    signer,
    logLines,
    lifetimes: sessionLifetimes,
    browser,
    begin,
    callback,
    signIn,
    userinfo,
    notify,
  };
}

export type RelyingParty = Awaited<ReturnType<typeof startRelyingParty>>;
