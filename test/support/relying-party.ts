import { constants, generateKeyPairSync, sign } from 'node:crypto';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { MemoryLoginAttemptStore } from '../../lambdas/adapters/memory/login-attempt-store.ts';
import { MemoryProviderDocumentStore } from '../../lambdas/adapters/memory/provider-document-store.ts';
import { MemorySessionStore } from '../../lambdas/adapters/memory/session-store.ts';
import { createBackchannelLogoutHandler } from '../../lambdas/backchannel-logout/handler.ts';
import { createCallbackHandler } from '../../lambdas/callback/handler.ts';
import { ProviderDocuments } from '../../lambdas/core/flow/provider-documents.ts';
import { didDocument, jwksDocument, ProviderKeys } from '../../lambdas/core/flow/provider-keys.ts';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type { Signer } from '../../lambdas/core/ports.ts';
import { createLoginHandler } from '../../lambdas/login/handler.ts';
import { createLogoutHandler } from '../../lambdas/logout/handler.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import { createUserinfoHandler } from '../../lambdas/userinfo/handler.ts';
import { Browser, locationOf } from './browser.ts';
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

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Signs as KMS does, and counts. */
export class TestSigner implements Signer {
  readonly keyId = 'signing-key';
  readonly algorithm = 'PS256';
  signatures = 0;

  async sign(signingInput: string): Promise<Uint8Array> {
    this.signatures += 1;
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign('sha256', Buffer.from(signingInput), { key: privateKey, padding, saltLength: 32 });
  }
}

export const publicUrl = 'https://service.example/auth';
export const clientId = 'the-client';

/** The handlers of one deployment over stores in memory and a provider in this process, at the test's own time. */
export async function startRelyingParty({
  maxAge,
  notProvedUrl,
}: {
  readonly maxAge?: number;
  readonly notProvedUrl?: string;
} = {}) {
  const clock = new TestClock();
  const provider = new SigningProvider(() => clock.now());
  const attempts = new MemoryLoginAttemptStore();
  const sessions = new MemorySessionStore();
  const store = new MemoryProviderDocumentStore();
  await store.put(documentOf('discovery', discoveryBody, clock.now()));
  await store.put(documentOf('jwks', jwksBody(...provider.published), clock.now()));
  await store.put(documentOf('did', didBody(provider.identityKey), clock.now()));
  const documents = new ProviderDocuments({ store, clock, issuer });
  const keyOptions = { document: jwksDocument, documents, store, client: provider, clock };
  const identityKeys = new ProviderKeys({
    ...keyOptions,
    document: didDocument({ did, didDocumentUrl }),
    budget: 'callback',
  });
  const idTokenKeys = new ProviderKeys({ ...keyOptions, budget: 'callback' });
  const signer = new TestSigner();
  const logLines: string[] = [];
  const common = {
    clock,
    documents,
    logger: createLogger({
      deployment: 'test',
      write: (line) => logLines.push(line),
      now: () => clock.now(),
    }),
    serviceName: 'Apply for a test',
  };
  const lifetimes = { idle: 3_600_000, absolute: 28_800_000 };
  const settings = {
    clientId,
    publicUrl,
    defaultPage: '/home',
    returnOrigins: [],
    scopes: ['openid', 'email'],
    vtr: ['Cl.Cm'] as const,
    ...(maxAge === undefined ? {} : { maxAge }),
    issuer,
    algorithm: 'ES256' as const,
    lifetimes,
    coreIdentity: { issuer: identityIssuer, did },
    identity: {
      vtr: ['Cl.Cm.P2'] as const,
      claims: Object.values(identityClaimNames),
      inPersonReturnUrl: '/in-person',
    },
    ...(notProvedUrl === undefined ? {} : { notProvedUrl }),
  };
  const logout = createLogoutHandler({ ...common, sessions, publicUrl, clientId, defaultPage: '/home' });
  const login = createLoginHandler({ ...common, attempts, sessions, signer, settings });
  const routes = {
    '/auth/login': login,
    '/auth/reauthenticate': login,
    '/auth/prove-identity': login,
    '/auth/in-person-return': login,
    '/auth/callback': createCallbackHandler({
      ...common,
      attempts,
      sessions,
      idTokenKeys,
      identityKeys,
      provider,
      signer,
      settings,
    }),
    '/auth/userinfo': createUserinfoHandler({
      ...common,
      sessions,
      publicUrl,
      idleMilliseconds: lifetimes.idle,
    }),
    '/auth/logout': logout,
    '/auth/signed-out': logout,
    '/auth/backchannel-logout': createBackchannelLogoutHandler({
      ...common,
      sessions,
      keys: new ProviderKeys({ ...keyOptions, budget: 'backchannel-logout' }),
      publicUrl,
      settings: { issuer, clientId },
    }),
  };
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
    clock,
    provider,
    attempts,
    sessions,
    store,
    signer,
    logLines,
    lifetimes,
    browser,
    begin,
    callback,
    signIn,
    userinfo,
    notify,
  };
}

export type RelyingParty = Awaited<ReturnType<typeof startRelyingParty>>;
