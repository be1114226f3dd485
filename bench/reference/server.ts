/**
 * What a service would otherwise run: an Express application with openid-client, as its documentation shows it, with a JWT
 * secured authorization request, PKCE, private_key_jwt and sessions in DynamoDB. Nothing in it is slower than it has to be.
 */
import { createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import connectDynamoDb from 'connect-dynamodb';
import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

interface SignedIn {
  readonly idToken: string | undefined;
  readonly claims: client.UserInfoResponse;
}

declare module 'express-session' {
  interface SessionData {
    attempt: { readonly state: string; readonly nonce: string; readonly codeVerifier: string };
    user: SignedIn;
  }
}

const {
  ISSUER = '',
  CLIENT_ID = '',
  PRIVATE_KEY = '',
  KEY_ID = '',
  PUBLIC_URL = '',
  SESSIONS_TABLE = '',
} = process.env;
const redirectUri = `${PUBLIC_URL}/callback`;
const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
const key = {
  key: createPrivateKey(PRIVATE_KEY).toCryptoKey(algorithm, false, ['sign']),
  kid: KEY_ID,
};

/** Discovered with the first request that needs it, then kept. */
let discovered: Promise<client.Configuration> | undefined;
function discover(): Promise<client.Configuration> {
  discovered ??= client.discovery(
    new URL(ISSUER),
    CLIENT_ID,
    { id_token_signed_response_alg: 'ES256' },
    client.PrivateKeyJwt(key),
  );
  return discovered;
}

const app = express();
app.disable('x-powered-by');
const Store = connectDynamoDb(session);
const store = new Store({ client: new DynamoDBClient({}), table: SESSIONS_TABLE });
// Without this it would write to the table with each request that only reads.
Object.assign(store, { touch: undefined });
app.use(
  session({
    store,
    name: 'session',
    secret: 'a secret of the bench',
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: false, maxAge: 28_800_000 },
  }),
);

app.get('/auth/login', async (request, response) => {
  const config = await discover();
  const attempt = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    codeVerifier: client.randomPKCECodeVerifier(),
  };
  request.session.attempt = attempt;
  const url = await client.buildAuthorizationUrlWithJAR(
    config,
    {
      redirect_uri: redirectUri,
      scope: 'openid email phone',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
      vtr: '["Cl.Cm"]',
      ui_locales: 'en',
    },
    key,
    {
      [client.modifyAssertion]: (_header, payload) => {
        payload['aud'] = config.serverMetadata().authorization_endpoint ?? '';
      },
    },
  );
  // One Login requires these beside the request object as well.
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', 'openid email phone');
  response.redirect(303, url.href);
});

app.get('/auth/callback', async (request, response) => {
  const config = await discover();
  const { attempt } = request.session;
  if (attempt === undefined) {
    response.status(400).send('no attempt');
    return;
  }
  const tokens = await client.authorizationCodeGrant(config, new URL(request.url, redirectUri), {
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    pkceCodeVerifier: attempt.codeVerifier,
    idTokenExpected: true,
  });
  const sub = tokens.claims()?.sub ?? '';
  const claims = await client.fetchUserInfo(config, tokens.access_token, sub);
  // Against session fixation.
  await new Promise<void>((resolve, reject) =>
    request.session.regenerate((error) => (error ? reject(error) : resolve())),
  );
  request.session.user = { idToken: tokens.id_token, claims };
  response.redirect(303, '/');
});

app.get('/auth/userinfo', (request, response) => {
  const { user } = request.session;
  if (user === undefined) response.status(401).json({ error: 'login_required' });
  else response.json(user.claims);
});

const server = app.listen(0, '127.0.0.1');

/** @returns where it listens. Lambda's events have no part in it: requests come over HTTP */
export async function handler(): Promise<string> {
  if (!server.listening) await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
