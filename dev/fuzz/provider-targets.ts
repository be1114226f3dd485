/** The responses of One Login, or of an attacker in its place, in a sign-in. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type { ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import { apiEvent, lambdaContext } from '../../test/support/api-event.ts';
import { cookieNames } from '../../test/support/cookie-names.ts';
import { issuer, signJwt } from '../../test/support/provider-documents.ts';
import { examineAuthorizerAnswer } from './authorizer-target.ts';
import { examineResponse } from './examine-response.ts';
import { isGenuine } from './genuine-token.ts';
import {
  changeDocument,
  type DocumentChange,
  documentChange,
  hostileText,
  rarely,
} from './hostile-values.ts';
import { setsSession } from './route-targets.ts';
import type { Target } from './target.ts';
import { type TokenChange, tokenChange, writeToken } from './token-changes.ts';
import { clientId, createWorld, type Purpose } from './world.ts';

/** A change of one response. What is absent stays as it is. */
interface ResponseChange {
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: DocumentChange | undefined;
  /** Of the ID token or core identity in the response. */
  readonly token?: TokenChange | undefined;
}

interface SignInInput {
  readonly purpose: Purpose;
  /** Which response is changed, by the end of its URL. */
  readonly at: 'token' | 'userinfo' | 'jwks.json';
  readonly change: ResponseChange;
}

const inputs: fc.Arbitrary<SignInInput> = fc.record({
  purpose: fc.constantFrom<Purpose>('login', 'prove-identity'),
  at: fc.constantFrom('token' as const, 'userinfo' as const, 'userinfo' as const, 'jwks.json' as const),
  change: fc.record({
    status: rarely(fc.constantFrom(0, 101, 204, 301, 400, 401, 403, 429, 500, 503, 999)),
    headers: rarely(
      fc.record({
        'www-authenticate': hostileText.map((text) => `Bearer error="${text}"`),
        'cache-control': hostileText.map((text) => `max-age=${text}`),
        location: fc.constant('https://attacker.example/'),
      }),
    ),
    body: fc.option(documentChange, { freq: 2, nil: undefined }),
    token: fc.option(tokenChange, { freq: 3, nil: undefined }),
  }),
});

const { coreIdentityJwt } = identityClaimNames;

/** The payload of a JWT of our own provider. */
function readClaims(token: string): object {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

const signIn: Target<SignInInput> = {
  name: 'sign-in',
  about: 'responses of the token and userinfo endpoints in a sign-in',
  share: 8,
  inputs,
  async examine({ purpose, at, change }) {
    const received = new Map<string, string>();
    let nonce = '';
    const world = await createWorld(purpose, (request, response) => {
      const end = request.url.split('/').at(-1) ?? '';
      if (end === 'token')
        nonce = String(Reflect.get(readClaims(JSON.parse(response.body).id_token), 'nonce'));
      const before = end === 'token' && at === 'jwks.json' ? useUnknownKey(response) : response;
      const changed = end === at ? changeResponse(before) : before;
      received.set(end, changed.body);
      return changed;
    });
    const [key] = world.provider.published;
    const { identityKey } = world.provider;
    assert(key);

    function changeResponse(response: ProviderResponse): ProviderResponse {
      const body = JSON.parse(response.body);
      for (const [name, signedBy] of [['id_token', key] as const, [coreIdentityJwt, identityKey] as const]) {
        if (change.token !== undefined && signedBy !== undefined && name in body)
          body[name] = writeToken(signedBy, {}, readClaims(body[name]), change.token);
      }
      return {
        status: change.status ?? response.status,
        headers: { ...response.headers, ...change.headers },
        body: change.body === undefined ? JSON.stringify(body) : changeDocument(body, change.body),
      };
    }

    /** Makes the service fetch the key set. */
    function useUnknownKey(response: ProviderResponse): ProviderResponse {
      const body = JSON.parse(response.body);
      const idToken = key && signJwt({ ...key, kid: 'unknown' }, {}, { ...readClaims(body.id_token) });
      return { ...response, body: JSON.stringify({ ...body, id_token: idToken }) };
    }

    const { code, state, browserCookie, sessionCookie } = world;
    const cookies = { [browserCookie.name]: browserCookie.value, [cookieNames.session]: sessionCookie };
    const Cookie = Object.entries(cookies)
      .map((pair) => pair.join('='))
      .join('; ');
    const path = `/auth/callback?${new URLSearchParams({ code, state })}`;
    const response = await world.routes['/auth/callback'](
      apiEvent({ path, headers: { Cookie } }),
      lambdaContext(),
    );
    examineResponse(world, response, 'provider');
    if (!setsSession(response)) {
      assert.notEqual(response.statusCode, 303, 'a sign-in without a session goes on');
      return;
    }
    const now = world.now() / 1000;
    const claims = { iss: issuer, nonce, vot: 'Cl.Cm', sub: world.provider.sub };
    const token = JSON.parse(received.get('token') ?? '');
    assert(
      isGenuine(token.id_token, { key, clientId, now, claims }),
      'a session by a token that is not genuine',
    );
    assert.equal(JSON.parse(received.get('userinfo') ?? '').sub, world.provider.sub);

    // The application must be able to read everything that One Login returns about a user.
    const session = String(response.multiValueHeaders?.['Set-Cookie']).split(';')[0] ?? '';
    const headers = { Cookie: session };
    const userinfo = await world.routes['/auth/userinfo'](
      apiEvent({ path: '/auth/userinfo', headers }),
      lambdaContext(),
    );
    examineResponse(world, userinfo, 'provider');
    assert.equal(userinfo.statusCode, 200);
    const { identity } = JSON.parse(userinfo.body);
    assert(identity.outcome !== 'proved' || (purpose === 'prove-identity' && identity.names.length > 0));
    await examineAuthorizerAnswer(world, session);
  },
};

export const providerTargets = [signIn] as const;
