import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HttpsProviderClient } from '../../lambdas/adapters/http/https-provider-client.ts';
import { refreshDid, refreshDiscoveryAndJwks } from '../../lambdas/core/flow/refresh-documents.ts';
import type { ProviderRequest } from '../../lambdas/core/one-login/messages.ts';
import { identityClaims, type StandIn, startStandIn } from '../../stand-in/index.ts';
import { Browser, readLocation } from '../support/browser.ts';
import { createInstance, createMemoryStores } from '../support/instance.ts';
import { TestClock } from '../support/test-clock.ts';
import { TestSigner } from '../support/test-signer.ts';

// Several instances of the functions share their stores and meet the stand-in over HTTP, at the test's own time.
const publicUrl = 'http://localhost:8080/auth';
const clientId = 'the-client';
const instanceCount = 5;
const signer = new TestSigner();

let clock: TestClock;
let standIn: StandIn;
let stores: ReturnType<typeof createMemoryStores>;
let instances: ReturnType<typeof createInstance>[];
let refresh: () => Promise<void>;
let closeJwks: () => Promise<unknown>;
const lines: string[] = [];
/** Requests for documents to which the provider has not responded yet. */
const documentsUnderWay = new Set<Promise<unknown>>();

/** Time does not run ahead of the instance that fetches a document, for which the others wait. */
class PatientClock extends TestClock {
  override async wait(milliseconds: number): Promise<void> {
    await Promise.allSettled([...documentsUnderWay]);
    await super.wait(milliseconds);
  }
}

/** What a response of the provider waits for before the functions get it. */
let afterAnswer: (url: string) => Promise<void>;

/** From now on keeps the provider's responses at this path from the functions. */
function holdAnswers(path: string) {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let count = 0;
  let arrived: () => void = () => undefined;
  afterAnswer = async (url) => {
    if (!url.endsWith(path)) return;
    count += 1;
    arrived();
    await released;
  };
  /** Resolves when that many responses are held. */
  const all = (expected: number) =>
    new Promise<void>((resolve) => {
      arrived = () => {
        if (count >= expected) resolve();
      };
      arrived();
    });
  return { all, release };
}

beforeEach(async () => {
  clock = new PatientClock();
  lines.length = 0;
  afterAnswer = async () => undefined;
  const server = createServer((_, response) => {
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(signer.jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeJwks = () => new Promise((resolve) => server.close(resolve));
  standIn = await startStandIn({
    port: 0,
    clock,
    client: {
      clientId,
      jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      redirectUris: [`${publicUrl}/callback`],
      postLogoutRedirectUris: [`${publicUrl}/signed-out`],
      scopes: ['openid', 'email'],
      claims: Object.values(identityClaims),
      clientLoCs: ['P0', 'P2'],
      idTokenSigningAlgorithm: 'ES256',
      maxAgeEnabled: false,
      pkceEnforced: true,
      jarRequired: true,
    },
  });
  standIn.change({ signInAutomaticallyAs: standIn.people[0]?.id ?? null, identity: { always: 'PROVED' } });
  stores = createMemoryStores();
  const { issuer, did } = standIn;
  const didDocumentUrl = `${standIn.url}/.well-known/did.json`;
  const client = () => {
    const https = new HttpsProviderClient('one-login-lambda/test (https://service.example)');
    return {
      send: async (request: ProviderRequest) => {
        const answer = https.send(request);
        if (request.url.includes('.well-known')) {
          documentsUnderWay.add(answer);
          void answer.finally(() => documentsUnderWay.delete(answer)).catch(() => undefined);
        }
        const response = await answer;
        await afterAnswer(request.url);
        return response;
      },
    };
  };
  instances = Array.from({ length: instanceCount }, () =>
    createInstance({
      ...stores,
      clock,
      provider: client(),
      signer,
      write: (line) => lines.push(line),
      settings: {
        clientId,
        publicUrl,
        issuer,
        coreIdentity: { issuer, did, didDocumentUrl },
        claims: Object.values(identityClaims),
      },
    }),
  );
  const dependencies = { store: stores.store, client: client(), clock };
  const discoveryUrl = `${standIn.url}/.well-known/openid-configuration`;
  refresh = async () => {
    const results = [
      await refreshDiscoveryAndJwks({ ...dependencies, issuer, discoveryUrl }, { force: true }),
      await refreshDid({ ...dependencies, did, didDocumentUrl }, { force: true }),
    ];
    expect(results.flatMap(({ failure }) => failure ?? [])).toEqual([]);
  };
  await refresh();
});

afterEach(async () => {
  await standIn.close();
  await closeJwks();
});

/** Goes to One Login and comes back with its response, not yet taken to the callback. */
async function leave(index: number): Promise<{ browser: Browser; callback: string }> {
  const browser = new Browser(instances[index % instanceCount] ?? {});
  const location = readLocation(await browser.request('/auth/prove-identity'));
  const answer = await fetch(location, { redirect: 'manual' });
  const callback = answer.headers.get('location') ?? '';
  if (!callback.startsWith(publicUrl)) throw new Error(`the stand-in returned ${answer.status}`);
  return { browser, callback: callback.slice(publicUrl.length - '/auth'.length) };
}

async function signIn(index: number): Promise<number> {
  const { browser, callback } = await leave(index);
  return (await browser.request(callback)).statusCode;
}

const outcomes = (statuses: readonly number[]) => [...new Set(statuses)];
const refusals = () => [
  ...new Set(
    lines
      .map((line) => JSON.parse(line) as { event?: string; code?: string })
      .flatMap(({ event, code }) => (event === 'refused' ? (code ?? []) : [])),
  ),
];

describe.each(['id_token', 'did'] as const)('the rotation of the keys for %s', (purpose) => {
  test('fails none of two hundred sign-ins that are under way', async () => {
    const underWay: Promise<number>[] = [];
    let index = 0;
    const start = (count: number) => {
      for (let started = 0; started < count; started += 1) {
        underWay.push(signIn(index));
        index += 1;
      }
    };
    start(50);
    await standIn.rotateKeys(purpose, 'publish_new');
    start(50);
    await standIn.rotateKeys(purpose, 'use_new');
    start(50);
    await Promise.all(underWay);
    await refresh();
    await standIn.rotateKeys(purpose, 'remove_old');
    start(50);
    expect(outcomes(await Promise.all(underWay))).toEqual([303]);
    expect(underWay).toHaveLength(200);
    expect(refusals()).toEqual([]);
  });

  // id: removed-key-refused-after-60s
  test('takes no token by a removed key later than 60 seconds after a refresh', async () => {
    // Every instance has the old key in memory, and a token by it that is still on its way.
    for (let index = 0; index < instanceCount; index += 1) await signIn(index);
    const held = holdAnswers(purpose === 'id_token' ? '/token' : '/userinfo');
    const underWay = Array.from({ length: instanceCount }, (_, index) => signIn(index));
    await held.all(instanceCount);
    await standIn.rotateKeys(purpose, 'publish_new');
    await standIn.rotateKeys(purpose, 'use_new');
    await standIn.rotateKeys(purpose, 'remove_old');
    await refresh();
    clock.advance(60_000);
    held.release();
    expect(outcomes(await Promise.all(underWay))).toEqual([502]);
    expect(refusals()).toEqual([
      purpose === 'id_token' ? 'id_token_key_unknown' : 'core_identity_key_unknown',
    ]);
  });
});
