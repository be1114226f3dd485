import { createHash, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import type { PublishedKeyConfig } from '../../lib/config/deployment-config.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { cachedAssembly } from '../support/assembly-cache.ts';
import { makePublishedKey } from '../support/published-key.ts';
import { chooseAtStandIn, type Service, startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

const oldCallback = 'http://localhost:9/old/callback';
const old = makePublishedKey({ kid: 'old-2024', alg: 'RS256' });

/** A live system whose users are moved: it uses the same client, with a key of its own. */
class OldSystem {
  readonly #service: Service;
  readonly #privateKey: KeyObject;
  readonly #codeVerifier = randomBytes(32).toString('base64url');

  constructor(service: Service, privateKey: KeyObject) {
    this.#service = service;
    this.#privateKey = privateKey;
  }

  /** @returns the callback, or undefined if One Login refuses the request object */
  async begin(browser: WebBrowser): Promise<URL | undefined> {
    const { standIn } = this.#service;
    const { clientId } = standIn.client;
    const asked = { response_type: 'code', scope: 'openid email', client_id: clientId };
    const request = await this.#sign({
      ...asked,
      aud: `${standIn.url}/authorize`,
      iss: clientId,
      redirect_uri: oldCallback,
      state: 'a-state',
      nonce: 'a-nonce',
      vtr: ['Cl.Cm'],
      code_challenge: createHash('sha256').update(this.#codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const stopBefore = new URL(oldCallback).pathname;
    const url = `${standIn.url}/authorize?${new URLSearchParams({ ...asked, request })}`;
    const page = await browser.open(url, { stopBefore });
    if (page.status >= 400) return undefined;
    return (page.next ? page : await chooseAtStandIn(browser, page, {}, stopBefore)).next;
  }

  /** @returns the response to the token request */
  async redeem(callback: URL) {
    const { standIn } = this.#service;
    const { clientId } = standIn.client;
    const response = await fetch(`${standIn.url}/token`, {
      method: 'POST',
      headers: { 'user-agent': 'old/1 (https://old.example)' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: oldCallback,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await this.#sign({ iss: clientId, sub: clientId, aud: `${standIn.url}/token` }),
        code_verifier: this.#codeVerifier,
      }),
    });
    const body: Readonly<Record<string, unknown>> = Object(await response.json());
    return { status: response.status, body };
  }

  #sign(claims: Readonly<Record<string, unknown>>): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: old.jwk.kid })
      .setIssuedAt()
      .setExpirationTime(Math.floor(now() / 1000) + 300)
      .setJti(randomUUID())
      .sign(this.#privateKey);
  }
}

/** One Login's clock. */
let later = 0;
const now = () => Date.now() + later;

let service: Service;
beforeAll(async () => {
  service = await startService({ oneLoginClock: { now, wait: async () => undefined } });
});
afterAll(() => service.close());

async function deploy(publishedKeys: readonly PublishedKeyConfig[]): Promise<void> {
  const config = { ...loadLocalConfig(), publishedKeys };
  await service.update({ config, assemblyDirectory: await cachedAssembly(config) });
  const { client } = service.standIn;
  service.standIn.register({ ...client, redirectUris: [...client.redirectUris, oldCallback] });
}

const readJwks = async () =>
  Object(await (await fetch(`${service.publicUrl}/.well-known/jwks.json`)).json()).keys;

describe('a live system with the same client and a key of its own', () => {
  test('is refused by One Login while our JWKS does not have the key', async () => {
    await deploy([]);
    expect(await new OldSystem(service, old.privateKey).begin(new WebBrowser())).toBeUndefined();
    expect(await readJwks()).toHaveLength(1);
  });

  test('signs its users in beside us while the config has the key, with the same subject', async () => {
    await deploy([old.jwk]);
    expect(await readJwks()).toContainEqual({ ...old.jwk, use: 'sig' });

    const [oldSystem, browser] = [new OldSystem(service, old.privateKey), new WebBrowser()];
    const callback = await oldSystem.begin(browser);
    await service.signIn(browser);
    const { status, body } = await oldSystem.redeem(callback ?? new URL(oldCallback));
    expect(status).toBe(200);
    const ours = await service.userinfo(browser);
    expect(ours.status).toBe(200);
    expect(decodeJwt(String(body['id_token'])).sub).toBe(ours.body['sub']);
  });

  test('is refused with another key under the same kid', async () => {
    const stranger = new OldSystem(service, makePublishedKey().privateKey);
    expect(await stranger.begin(new WebBrowser())).toBeUndefined();
    const callback = await new OldSystem(service, old.privateKey).begin(new WebBrowser());
    expect(await stranger.redeem(callback ?? new URL(oldCallback))).toMatchObject({ status: 400 });
  });

  test('is trusted by One Login for a day after the config has lost the key', async () => {
    const [oldSystem, browser] = [new OldSystem(service, old.privateKey), new WebBrowser()];
    await deploy([]);
    expect(await readJwks()).toHaveLength(1);
    expect(await oldSystem.begin(browser)).toBeDefined();

    later = 24 * 60 * 60 * 1000 + 1000;
    expect(await oldSystem.begin(browser)).toBeUndefined();
    later = 0;
  });
});
