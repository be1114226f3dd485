import { compactVerify, importJWK } from 'jose';
import { isJsonObject, type JsonObject } from '../../../lambdas/core/one-login/json-object.ts';
import { type Check, type Expectations, fail, pass, readAnswer, readJson } from '../check.ts';
import type { Observations } from '../observations.ts';
import { type RequestObject, readRequestObject } from '../request-object.ts';

export const requestObject: Check = {
  id: 'request-object',
  title: 'The request is signed by a key in our JWKS, and asks for what the config says',
  needs: ['login', 'jwks-keys'],
  examine: async (observed, expected) => {
    const request = readRequestObject(observed.login);
    if (request === undefined) {
      return fail(
        'the login sends no request object',
        'Something in front of the API changes the answer: pass it on as it is.',
      );
    }
    const mistakes = findMistakes(request, observed, expected);
    if (mistakes.length > 0) {
      return fail(mistakes.join('; '), 'The config is not what is deployed: deploy it.');
    }
    const key = keyNamed(request.header['kid'], observed);
    if (key === undefined) {
      return fail(
        `the key ${request.header['kid']} that signed it is not in the JWKS`,
        'One Login refuses every sign-in. Publish the key before it signs: npm run keys shows what is deployed. A cache may also serve an old JWKS: empty it.',
      );
    }
    return (await verifies(request, key))
      ? pass(`signed by ${request.header['kid']}`)
      : fail(
          'its signature does not verify by the key of that kid in the JWKS',
          'The JWKS is not that of this deployment, or is an old copy in some cache: empty it, or lead the public URL to the right API.',
        );
  },
};

function findMistakes(
  { claims }: RequestObject,
  { discovery }: Observations,
  { config }: Expectations,
): readonly string[] {
  const endpoint = readJson(readAnswer(discovery))?.['authorization_endpoint'];
  const expected: Readonly<Record<string, unknown>> = {
    aud: endpoint,
    iss: config.clientId,
    client_id: config.clientId,
    response_type: 'code',
    scope: config.scopes.join(' '),
    code_challenge_method: 'S256',
    vtr: config.authentication.vtr,
    max_age: config.authentication.maxAgeSeconds,
  };
  const wrong = Object.entries(expected).filter(
    ([name, value]) => JSON.stringify(claims[name]) !== JSON.stringify(value),
  );
  const missing = ['state', 'nonce', 'code_challenge', 'exp'].filter((name) => claims[name] === undefined);
  return [...wrong.map(([name]) => `unexpected ${name}`), ...missing.map((name) => `no ${name}`)];
}

function keyNamed(kid: unknown, { jwks }: Observations): JsonObject | undefined {
  const keys = readJson(readAnswer(jwks))?.['keys'];
  const found: unknown = Array.isArray(keys)
    ? keys.find((jwk: unknown) => Object(jwk).kid === kid)
    : undefined;
  return isJsonObject(found) ? found : undefined;
}

async function verifies({ token, header }: RequestObject, { n, e }: JsonObject): Promise<boolean> {
  try {
    const key = await importJWK({ kty: 'RSA', n: String(n), e: String(e), alg: String(header['alg']) });
    await compactVerify(token, key);
    return true;
  } catch {
    return false;
  }
}
