import { createBackchannelLogoutHandler } from '../../lambdas/backchannel-logout/handler.ts';
import { createCallbackHandler } from '../../lambdas/callback/handler.ts';
import type { Journeys } from '../../lambdas/core/flow/journey.ts';
import { ProviderDocumentCache } from '../../lambdas/core/flow/provider-document-cache.ts';
import { ProviderKeySource } from '../../lambdas/core/flow/provider-key-source.ts';
import { trustedAddress } from '../../lambdas/core/flow/return-to.ts';
import { didDocument } from '../../lambdas/core/one-login/did-document.ts';
import { jwksDocument } from '../../lambdas/core/one-login/jwks.ts';
import type { VectorOfTrust } from '../../lambdas/core/one-login/vector-of-trust.ts';
import type {
  Clock,
  LoginAttemptStore,
  PlaceStore,
  ProviderClient,
  ProviderDocumentStore,
  SessionStore,
  Signer,
} from '../../lambdas/core/ports.ts';
import { buildCookieNames } from '../../lambdas/core/session/cookie-names.ts';
import { createLoginHandler } from '../../lambdas/login/handler.ts';
import { createLogoutHandler } from '../../lambdas/logout/handler.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { createUserinfoHandler } from '../../lambdas/userinfo/handler.ts';
import { MemoryLoginAttemptStore } from './memory/login-attempt-store.ts';
import { MemoryPlaceStore } from './memory/place-store.ts';
import { MemoryProviderDocumentStore } from './memory/provider-document-store.ts';
import { MemorySessionStore } from './memory/session-store.ts';
import { testPages } from './rendered-pages.ts';

export const sessionLifetimes = { idle: 3_600_000, absolute: 28_800_000 };

/** The stores that all instances of a deployment share. */
export function createMemoryStores() {
  return {
    attempts: new MemoryLoginAttemptStore(),
    sessions: new MemorySessionStore(),
    places: new MemoryPlaceStore(),
    store: new MemoryProviderDocumentStore(),
  };
}

export interface InstanceOptions {
  readonly attempts: LoginAttemptStore;
  readonly sessions: SessionStore;
  readonly places: PlaceStore;
  readonly store: ProviderDocumentStore;
  /** The instance's memory of the documents. @default it has not read them */
  readonly documents?: ProviderDocumentCache;
  readonly clock: Clock;
  readonly provider: ProviderClient;
  readonly signer: Signer;
  readonly write: (line: string) => void;
  readonly settings: {
    readonly clientId: string;
    readonly publicUrl: string;
    /** @default '' */
    readonly cookieName?: string;
    readonly issuer: string;
    readonly coreIdentity: { readonly issuer: string; readonly did: string; readonly didDocumentUrl: string };
    readonly claims: readonly string[];
    readonly maxAge?: number;
    readonly notProvedUrl?: string;
    readonly signedOutUrl?: string;
    /** @default ['https://forms.example'] */
    readonly returnOrigins?: readonly string[];
    /** @default ['Cl.Cm'] */
    readonly vtr?: readonly VectorOfTrust[];
    /** Empty for a service that proves no identities. @default ['Cl.Cm.P2'] */
    readonly identityVtr?: readonly VectorOfTrust[];
    /** @default none */
    readonly journeys?: Journeys;
  };
}

/** One instance of every function, with a memory of its own, as its composition root would put it together. */
export function createInstance({
  attempts,
  sessions,
  places,
  store,
  clock,
  provider,
  signer,
  write,
  settings,
  documents = new ProviderDocumentCache({ store, clock, issuer: settings.issuer }),
}: InstanceOptions) {
  const { clientId, publicUrl, issuer, coreIdentity, claims, vtr = ['Cl.Cm'] } = settings;
  const { returnOrigins = ['https://forms.example'] } = settings;
  const { identityVtr = ['Cl.Cm.P2'], cookieName = '', notProvedUrl, signedOutUrl, ...others } = settings;
  const identity = { vtr: identityVtr, claims, inPersonReturnUrl: trustedAddress('/in-person') };
  const keyOptions = { documents, store, client: provider, clock };
  const logger = createLogger({ deployment: 'test', write, now: () => clock.now() });
  const common = {
    clock,
    documents,
    logger,
    pages: testPages(publicUrl),
    cookies: buildCookieNames(cookieName),
  };
  const loginSettings = {
    journeys: new Map(),
    ...others,
    defaultPage: trustedAddress('/home'),
    returnOrigins,
    scopes: ['openid', 'email'],
    vtr,
    algorithm: 'ES256' as const,
    lifetimes: sessionLifetimes,
    ...(notProvedUrl === undefined ? {} : { notProvedUrl: trustedAddress(notProvedUrl) }),
    ...(identityVtr.length === 0 ? {} : { identity }),
  };
  const login = createLoginHandler({
    ...common,
    attempts,
    sessions,
    places,
    signer,
    settings: loginSettings,
  });
  const logout = createLogoutHandler({
    ...common,
    sessions,
    settings: {
      clientId,
      publicUrl,
      returnOrigins,
      signedOutUrl: signedOutUrl === undefined ? undefined : trustedAddress(signedOutUrl),
    },
  });
  return {
    '/auth/login': login,
    '/auth/reauthenticate': login,
    '/auth/prove-identity': login,
    '/auth/in-person-return': login,
    '/auth/message': login,
    '/auth/callback': createCallbackHandler({
      ...common,
      store,
      attempts,
      sessions,
      idTokenKeys: new ProviderKeySource({ ...keyOptions, document: jwksDocument, budget: 'callback' }),
      identityKeys: new ProviderKeySource({
        ...keyOptions,
        document: didDocument(coreIdentity),
        budget: 'callback',
      }),
      provider,
      signer,
      settings: loginSettings,
    }),
    '/auth/userinfo': createUserinfoHandler({
      ...common,
      sessions,
      publicUrl,
      idleMilliseconds: sessionLifetimes.idle,
    }),
    '/auth/logout': logout,
    '/auth/signed-out': logout,
    '/auth/backchannel-logout': createBackchannelLogoutHandler({
      ...common,
      sessions,
      keys: new ProviderKeySource({ ...keyOptions, document: jwksDocument, budget: 'backchannel-logout' }),
      settings: { issuer, clientId },
    }),
  };
}
