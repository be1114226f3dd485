/** The documents that One Login publishes (docs/one-login.md, 0 and 4). */
import { clientAlgorithms } from '../keys/client-keys.ts';
import type { Provider } from '../provider.ts';
import { knownClaims } from '../registration.ts';
import { type Answer, jsonAnswer } from '../server/message.ts';

/** The real One Login sends this `Pragma` too, although the document may be cached. */
const cacheForADay = { 'cache-control': 'max-age=86400', pragma: 'no-cache' };

export function discoveryDocument({ url, issuer }: Provider): Answer {
  return jsonAnswer(
    200,
    {
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      issuer,
      jwks_uri: `${url}/.well-known/jwks.json`,
      scopes_supported: ['openid', 'email', 'phone', 'offline_access'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_post'],
      token_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
      ui_locales_supported: ['en', 'cy'],
      service_documentation: 'https://docs.sign-in.service.gov.uk/',
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      trustmarks: `${url}/trustmark`,
      subject_types_supported: ['public', 'pairwise'],
      userinfo_endpoint: `${url}/userinfo`,
      end_session_endpoint: `${url}/logout`,
      id_token_signing_alg_values_supported: ['ES256', 'RS256'],
      claim_types_supported: ['normal'],
      claims_supported: [
        'sub',
        'email',
        'email_verified',
        'phone_number',
        'phone_number_verified',
        'wallet_subject_id',
        ...knownClaims,
      ],
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: false,
    },
    cacheForADay,
  );
}

export function jwksDocument({ keys }: Provider): Answer {
  const published = keys.jwks
    .flatMap(({ published }) => published)
    .map((key) => ({
      ...key.publicJwk,
      use: 'sig',
      kid: key.kid,
      alg: key.algorithm,
    }));
  return jsonAnswer(200, { keys: published }, cacheForADay);
}

/** The JWKs have no `alg`: a relying party must not depend on it. */
export function didDocument({ did, keys }: Provider): Answer {
  return jsonAnswer(
    200,
    {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
      id: did,
      assertionMethod: keys.did.published.map((key) => ({
        type: 'JsonWebKey',
        id: key.kid,
        controller: did,
        publicKeyJwk: key.publicJwk,
      })),
    },
    { 'cache-control': 'max-age=3600, private' },
  );
}

export function trustmarkDocument({ issuer }: Provider): Answer {
  return jsonAnswer(200, {
    idp: issuer,
    trustmark_provider: issuer,
    C: ['Cl', 'Cl.Cm'],
    P: ['P0', 'P1', 'P2', 'P3'],
  });
}
