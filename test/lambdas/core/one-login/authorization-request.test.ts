import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { compactVerify } from 'jose';
import {
  type AuthorizationRequestParameters,
  buildAuthorizationRequest,
} from '../../../../lambdas/core/one-login/authorization-request.ts';
import { parseProviderMetadata } from '../../../../lambdas/core/one-login/provider-metadata.ts';
import { createRandomValue } from '../../../../lambdas/core/one-login/random-values.ts';
import {
  clientId,
  clientPublicKey,
  issuer,
  metadata,
  metadataDocument,
  now,
  nowSeconds,
  signer,
} from './example-provider.ts';

const parameters: AuthorizationRequestParameters = {
  metadata,
  clientId,
  redirectUri: 'https://service.example/auth/callback',
  scopes: ['openid', 'email', 'phone'],
  state: createRandomValue(),
  nonce: createRandomValue(),
  codeVerifier: createRandomValue(),
  vtr: ['Cl.Cm'],
  uiLocale: 'cy',
  now,
};

async function readRequestObject(url: string) {
  const request = new URL(url).searchParams.get('request') ?? '';
  const { payload, protectedHeader } = await compactVerify(request, clientPublicKey, {
    algorithms: ['PS256'],
  });
  return { header: protectedHeader, claims: JSON.parse(Buffer.from(payload).toString()) };
}

describe('the authorization request', () => {
  // id: request-is-signed-object
  test('has four parameters in the query, all others in the signed request object', async () => {
    const url = new URL(await buildAuthorizationRequest(parameters, signer));
    expect(url.origin + url.pathname).toBe(metadata.authorization_endpoint);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      scope: 'openid email phone',
      client_id: clientId,
      request: expect.any(String),
    });

    const { header, claims } = await readRequestObject(url.href);
    expect(header).toEqual({ alg: 'PS256', kid: 'client-key-1' });
    expect(claims).toEqual({
      aud: 'https://oidc.example/authorize',
      iss: clientId,
      client_id: clientId,
      iat: nowSeconds,
      exp: nowSeconds + 300,
      jti: expect.any(String),
      response_type: 'code',
      scope: 'openid email phone',
      redirect_uri: 'https://service.example/auth/callback',
      state: parameters.state,
      nonce: parameters.nonce,
      code_challenge: createHash('sha256').update(parameters.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      vtr: ['Cl.Cm'],
      ui_locales: 'cy',
    });
  });

  test('has whole seconds as times', async () => {
    const { claims } = await readRequestObject(
      await buildAuthorizationRequest({ ...parameters, now: now + 999 }, signer),
    );
    expect([claims.iat, claims.exp]).toEqual([nowSeconds, nowSeconds + 300]);
  });

  test('never has the same jti twice', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(async () => readRequestObject(await buildAuthorizationRequest(parameters, signer))),
    );
    expect(first?.claims.jti).not.toBe(second?.claims.jti);
  });

  test.each<[string, Partial<AuthorizationRequestParameters>, object]>([
    [
      'the claims as JSON text',
      {
        claims: [
          'https://vocab.account.gov.uk/v1/coreIdentityJWT',
          'https://vocab.account.gov.uk/v1/address',
        ],
      },
      {
        claims:
          '{"userinfo":{"https://vocab.account.gov.uk/v1/coreIdentityJWT":null,"https://vocab.account.gov.uk/v1/address":null}}',
      },
    ],
    ['max_age as a number', { maxAge: 0 }, { max_age: 0 }],
    [
      'the prompt and the hint',
      { prompt: 'login', idTokenHint: 'header.claims.signature' },
      { prompt: 'login', id_token_hint: 'header.claims.signature' },
    ],
    ['several vectors', { vtr: ['Cl.Cm.P1', 'Cl.Cm.P2'] }, { vtr: ['Cl.Cm.P1', 'Cl.Cm.P2'] }],
  ])('has %s in the request object when requested', async (_case, more, expected) => {
    const url = await buildAuthorizationRequest({ ...parameters, ...more }, signer);
    expect((await readRequestObject(url)).claims).toMatchObject(expected);
    expect([...new URL(url).searchParams.keys()]).toEqual(['response_type', 'scope', 'client_id', 'request']);
  });

  test('has no claims parameter when no claim is requested', async () => {
    const url = await buildAuthorizationRequest({ ...parameters, claims: [] }, signer);
    expect((await readRequestObject(url)).claims).not.toHaveProperty('claims');
  });

  test('keeps the query of an endpoint that has one', async () => {
    const authorization_endpoint = 'https://oidc.example/authorize?tenant=a%26b';
    const document = JSON.stringify({ ...metadataDocument, authorization_endpoint });
    const url = await buildAuthorizationRequest(
      { ...parameters, metadata: parseProviderMetadata(document, { issuer }) },
      signer,
    );
    expect(new URL(url).searchParams.get('tenant')).toBe('a&b');
    expect(new URL(url).searchParams.get('client_id')).toBe(clientId);
    expect((await readRequestObject(url)).claims.aud).toBe(authorization_endpoint);
  });

  test('is refused from the first character above 4096 of the query', async () => {
    const anySigner = { ...signer, sign: async () => new Uint8Array(256) };
    const queryLength = async (hintLength: number, endpoint = metadata.authorization_endpoint) => {
      const request = {
        ...parameters,
        metadata: { ...metadata, authorization_endpoint: endpoint },
        idTokenHint: 'x'.repeat(hintLength),
      };
      return new URL(await buildAuthorizationRequest(request, anySigner)).search.length - 1;
    };
    const room = Math.floor(((4096 - (await queryLength(0))) * 3) / 4);
    const built: number[] = [];
    const refused: number[] = [];
    // Base64url makes four characters of three, so that no one parameter makes queries of every length.
    for (const endpoint of ['', '?a', '?ab'].map((query) => metadata.authorization_endpoint + query)) {
      for (let hint = room - 8; hint < room + 8; hint += 1) {
        await queryLength(hint, endpoint).then(
          (length) => built.push(length),
          ({ code, message }) => {
            expect(code).toBe('authorization_request_too_long');
            refused.push(Number(/has (\d+) characters/.exec(message)?.[1]));
          },
        );
      }
    }
    expect([Math.max(...built), Math.min(...refused)]).toEqual([4096, 4097]);
  });
});
