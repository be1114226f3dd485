import { createPublicKey } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../lambdas/core/one-login/json-object.ts';
import { hasSecretMember } from '../../../lambdas/core/one-login/jwks.ts';
import { type Check, fail, pass, readAnswer, readJson, warn } from '../check.ts';

export const jwksKeys: Check = {
  id: 'jwks-keys',
  title: 'Our JWKS has RSA keys only, each with a kid of its own, use and alg',
  needs: ['jwks-answer'],
  examine: ({ jwks }, { config }) => {
    const members = readJson(readAnswer(jwks))?.['keys'];
    const cure =
      'The stack makes this document: something else answers here, or the deployment is damaged. Compare it with the method of /auth/.well-known/jwks.json in API Gateway, and deploy again.';
    if (!Array.isArray(members) || members.length === 0) return fail('it is not a JWKS with keys', cure);
    const mistakes = members.flatMap((jwk: unknown, index) =>
      (isJsonObject(jwk) ? findMistakes(jwk) : ['it is not an object']).map(
        (mistake) => `key ${index + 1}: ${mistake}`,
      ),
    );
    const kids = members.map((jwk: unknown) => Object(jwk).kid);
    if (new Set(kids).size < kids.length) mistakes.push('two keys have the same kid');
    if (mistakes.length > 0) return fail(mistakes.join('; '), cure);
    const expected = config.signingKeys.filter(({ state }) => state !== 'retire').length;
    if (kids.length !== expected) {
      return warn(
        `it has ${kids.length} keys, the config has ${expected} in publish or sign`,
        'The config is not what is deployed: deploy it, or take the config that is. npm run keys shows more.',
      );
    }
    return pass(kids.length === 1 ? '1 key' : `${kids.length} keys`);
  },
};

function findMistakes(jwk: JsonObject): readonly string[] {
  if (hasSecretMember(jwk)) return ['it holds private key material: revoke it at once'];
  if (jwk['kty'] !== 'RSA')
    return [`its kty is ${jwk['kty']}: one key that is not RSA breaks the look-up of all`];
  return [
    ...(typeof jwk['kid'] === 'string' && jwk['kid'] !== '' ? [] : ['it has no kid']),
    ...(jwk['use'] === 'sig' ? [] : ['its use is not sig']),
    ...(jwk['alg'] === 'PS256' ? [] : ['its alg is not PS256']),
    ...(modulusLength(jwk) >= 2048 ? [] : ['it is no RSA key of 2048 bits or more']),
  ];
}

function modulusLength(jwk: JsonObject): number {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return 0;
  }
}
