/** A deployment in memory for one input, so that no input depends on those before it. */
import { authorizerClaims } from '../../lambdas/authorizer/context.ts';
import { createAuthorizer } from '../../lambdas/authorizer/handler.ts';
import type { LoginAttempt } from '../../lambdas/core/flow/login-attempt.ts';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { ProviderClient, ProviderDocument, SessionStore, Signer } from '../../lambdas/core/ports.ts';
import type { SealedSession } from '../../lambdas/core/session/session.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { Browser, readLocation } from '../../test/support/browser.ts';
import { browserCookieIn } from '../../test/support/browser-cookie.ts';
import { cookieNames } from '../../test/support/cookie-names.ts';
import { createInstance, createMemoryStores, sessionLifetimes } from '../../test/support/instance.ts';
import { did, didDocumentUrl, identityIssuer, issuer } from '../../test/support/provider-documents.ts';
import { SigningProvider } from '../../test/support/signing-provider.ts';
import { TestClock } from '../../test/support/test-clock.ts';

export const publicUrl = 'https://service.example/auth';
export const clientId = 'the-client';

const settings = {
  clientId,
  publicUrl,
  issuer,
  claims: Object.values(identityClaimNames),
  coreIdentity: { issuer: identityIssuer, did, didDocumentUrl },
};
const navigation = {
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
};

/** The provider checks no signature of ours, so that an input costs no RSA. */
const signer: Signer = { keyId: 'signing-key', algorithm: 'PS256', sign: async () => new Uint8Array(256) };

/** A user who is signed in, and an attempt of the same browser that has not come back. */
interface Beginning {
  readonly documents: readonly ProviderDocument[];
  readonly session: SealedSession;
  readonly attempt: LoginAttempt;
  readonly authorizeUrl: string;
  readonly sessionCookie: string;
  readonly browserCookie: { readonly name: string; readonly value: string };
  readonly keys: Pick<SigningProvider, 'published' | 'identityKey'>;
}

/** Which request the waiting attempt belongs to. */
export type Purpose = 'login' | 'prove-identity';

const beginnings = new Map<Purpose, Promise<Beginning>>();

async function begin(purpose: Purpose): Promise<Beginning> {
  const clock = new TestClock();
  const provider = new SigningProvider(() => clock.now());
  const stores = createMemoryStores();
  await provider.storeDocuments(stores.store);
  const attempts: LoginAttempt[] = [];
  const sessions: SealedSession[] = [];
  record(stores.attempts, attempts);
  record(stores.sessions, sessions);
  const routes = createInstance({ ...stores, clock, provider, signer, write: () => {}, settings });
  const browser = new Browser(routes);
  const start = async (at: string) =>
    readLocation(await browser.request(`${at}?return_to=/claims/12`, { headers: navigation }));
  await browser.request(
    `/auth/callback?${new URLSearchParams(provider.authorize(await start('/auth/login')))}`,
  );
  // A user who is signed in is sent to One Login again only for more.
  const authorizeUrl = await start(purpose === 'login' ? '/auth/reauthenticate' : '/auth/prove-identity');
  const [session] = sessions;
  const attempt = attempts.at(-1);
  if (session === undefined || attempt === undefined) throw new Error('the user could not sign in');
  return {
    documents: await stores.store.readAll(),
    session,
    attempt,
    authorizeUrl,
    sessionCookie: browser.cookies.get(cookieNames.session) ?? '',
    browserCookie: browserCookieIn(browser.cookies),
    keys: { published: provider.published, identityKey: provider.identityKey },
  };
}

/** Keeps a copy of what is put into a store. */
function record<Item>(store: { put(item: Item): Promise<void> }, into: Item[]): void {
  const put = store.put.bind(store);
  store.put = (item) => {
    into.push(item);
    return put(item);
  };
}

/** Counts the calls of every method, which are the work that a request makes elsewhere. */
function countCalls(port: object, count: () => void): void {
  for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(port))) {
    const method: unknown = Reflect.get(port, name);
    if (typeof method !== 'function' || name === 'constructor' || name === 'withSignal' || name === 'now')
      continue;
    Reflect.set(port, name, (...parameters: readonly unknown[]) => {
      count();
      return Reflect.apply(method, port, parameters);
    });
  }
}

/** Changes a response of One Login before the service has it. */
export type ChangeResponse = (request: ProviderRequest, response: ProviderResponse) => ProviderResponse;

export type World = Awaited<ReturnType<typeof createWorld>>;

/** @param purpose of the attempt that waits for its callback */
export async function createWorld(
  purpose: Purpose = 'login',
  changeResponse: ChangeResponse = (_, response) => response,
) {
  const prepared = beginnings.get(purpose) ?? begin(purpose);
  beginnings.set(purpose, prepared);
  const { documents, session, attempt, authorizeUrl, sessionCookie, browserCookie, keys } = await prepared;
  const clock = new TestClock();
  const provider = new SigningProvider(() => clock.now());
  Object.assign(provider, keys, { clientId });
  const stores = createMemoryStores();
  for (const document of documents) await stores.store.put(document);
  await stores.sessions.put(session);
  await stores.attempts.put(attempt);
  const { code, state } = provider.authorize(authorizeUrl);

  let calls = 0;
  for (const port of [...Object.values(stores), clock]) countCalls(port, () => calls++);
  const client: ProviderClient = {
    send: async (request) => {
      calls++;
      return changeResponse(request, await provider.send(request));
    },
  };
  const logLines: string[] = [];
  const write = (line: string) => void logLines.push(line);
  const routes = createInstance({ ...stores, clock, provider: client, signer, write, settings });
  const authorizer = createAuthorizer({
    sessions: stores.sessions satisfies SessionStore,
    clock,
    logger: createLogger({ deployment: 'test', write, now: () => clock.now() }),
    settings: {
      level: 'Cl.Cm',
      stepUp: 'login',
      claims: authorizerClaims,
      trustedOrigins: [],
      publicUrl,
      idleMilliseconds: sessionLifetimes.idle,
      cookies: cookieNames,
    },
  });
  return {
    routes,
    authorizer,
    provider,
    logLines,
    code,
    state,
    sessionCookie,
    browserCookie,
    now: () => clock.now(),
    /** How often the service has called a table, One Login or the clock's wait. */
    countCalls: () => calls,
    hasSession: async () => (await stores.sessions.read(session.key)) !== undefined,
  };
}
