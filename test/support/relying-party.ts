import type { APIGatewayProxyResult } from 'aws-lambda';
import { decodeJwt } from 'jose';
import { type ErrorCode, RelyingPartyError } from '../../lambdas/core/errors.ts';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import { Browser, readLocation } from './browser.ts';
import { createInstance, createMemoryStores, type InstanceOptions, sessionLifetimes } from './instance.ts';
import { did, didDocumentUrl, identityIssuer, issuer } from './provider-documents.ts';
import { SigningProvider } from './signing-provider.ts';
import { TestClock } from './test-clock.ts';
import { TestSigner } from './test-signer.ts';

export const publicUrl = 'https://service.example/auth';
export const clientId = 'the-client';
/** The subject of a second user. */
export const somebodyElse = 'urn:fdc:gov.uk:2022:somebody-else';
/** What a browser sends when the user follows a link on a page of the same origin. */
export const navigation = {
  headers: { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
};
/** A request that a page of the same origin makes. */
export const fromOwnPage = { headers: { 'Sec-Fetch-Site': 'same-origin' } };

export type RelyingPartySettings = Partial<
  Pick<
    InstanceOptions['settings'],
    | 'journeys'
    | 'cookieName'
    | 'maxAge'
    | 'notProvedUrl'
    | 'signedOutUrl'
    | 'returnOrigins'
    | 'vtr'
    | 'identityVtr'
    | 'claims'
  >
>;

/** The handlers of one deployment over stores in memory and a provider in this process, at the test's own time. */
export async function startRelyingParty(settings: RelyingPartySettings = {}) {
  const clock = new TestClock();
  const provider = new SigningProvider(() => clock.now());
  const stores = createMemoryStores();
  const { attempts, sessions, places, store } = stores;
  await provider.storeDocuments(store);
  const signer = new TestSigner();
  const logLines: string[] = [];
  const routes = createInstance({
    ...stores,
    clock,
    provider,
    signer,
    write: (line) => logLines.push(line),
    settings: {
      claims: Object.values(identityClaimNames),
      ...settings,
      clientId,
      publicUrl,
      issuer,
      coreIdentity: { issuer: identityIssuer, did, didDocumentUrl },
    },
  });
  const browser = () => new Browser(routes);

  /** Begins in the browser. @returns the parameters with which One Login sends it back */
  async function begin(inBrowser: Browser, query = '', at = '/auth/login') {
    return provider.authorize(readLocation(await inBrowser.request(at + query, navigation)));
  }
  const callback = (inBrowser: Browser, response: Readonly<Record<string, string>>) =>
    inBrowser.request(`/auth/callback?${new URLSearchParams(response)}`);
  /** Goes from a route through One Login to the callback. @returns the response of the callback */
  async function complete(inBrowser: Browser, at: string, query = ''): Promise<APIGatewayProxyResult> {
    return callback(inBrowser, await begin(inBrowser, query, at));
  }
  const signIn = (inBrowser: Browser, query = '') => complete(inBrowser, '/auth/login', query);
  const signOut = (inBrowser: Browser, query = '') => inBrowser.request(`/auth/logout${query}`, fromOwnPage);
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
  const parseLog = () => logLines.map((line) => JSON.parse(line));
  /** The codes of the refusals in the log. */
  const refusals = (): readonly string[] =>
    parseLog().flatMap(({ event, code }) => (event === 'refused' ? code : []));
  return {
    routes,
    clock,
    provider,
    attempts,
    sessions,
    places,
    store,
    signer,
    logLines,
    parseLog,
    refusals,
    lifetimes: sessionLifetimes,
    browser,
    begin,
    callback,
    complete,
    signIn,
    signOut,
    userinfo,
    notify,
  };
}

export type RelyingParty = Awaited<ReturnType<typeof startRelyingParty>>;

/** A method that fails with a code. */
export function failWith(code: ErrorCode): () => Promise<never> {
  return () => Promise.reject(new RelyingPartyError(code, 'test'));
}

/** The claims of the request object in a redirect to One Login. */
export function readRequestObject(response: APIGatewayProxyResult) {
  return decodeJwt<Readonly<Record<string, string>>>(
    new URL(readLocation(response)).searchParams.get('request') ?? '',
  );
}
