/** The three tokens that One Login signs. */
import assert from 'node:assert/strict';
import { validateCoreIdentity } from '../../lambdas/core/one-login/core-identity.ts';
import { parseDidDocument } from '../../lambdas/core/one-login/did-document.ts';
import type { ValidatedIdToken } from '../../lambdas/core/one-login/id-token.ts';
import { validateIdToken } from '../../lambdas/core/one-login/id-token.ts';
import { type ProviderKey, parseJwks } from '../../lambdas/core/one-login/jwks.ts';
import type { KeySource } from '../../lambdas/core/one-login/jwt.ts';
import { validateLogoutToken } from '../../lambdas/core/one-login/logout-token.ts';
import type { TokenResponse } from '../../lambdas/core/one-login/token-response.ts';
import {
  createProviderSigningKey,
  did,
  didBody,
  hashAccessToken,
  identityIssuer,
  issuer,
  jwksBody,
  logoutEvents,
} from '../../test/support/provider-documents.ts';
import { expectRefusalOrResult } from './examine-error.ts';
import { isGenuine } from './genuine-token.ts';
import type { Target } from './target.ts';
import { type TokenChange, tokenChange, writeToken } from './token-changes.ts';
import { clientId } from './world.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const seconds = now / 1000;
const sub = 'urn:fdc:gov.uk:2022:somebody';
const nonce = 'bm9uY2U'.repeat(6);
const accessToken = 'access-token';
const key = createProviderSigningKey('key-1');
const identityKey = createProviderSigningKey(`${did}#key-1`);

const jwks = createKeySource('jwks', parseJwks(jwksBody(key)));
const identityKeys = createKeySource('did', parseDidDocument(didBody(identityKey), { did }));

function createKeySource<Name extends 'jwks' | 'did'>(
  documentName: Name,
  keys: ReadonlyMap<string, ProviderKey>,
): KeySource<Name> {
  const findKey = async (kid: string) => keys.get(kid);
  return { documentName, findKey, findStoredKey: findKey };
}

const times = { iat: seconds, exp: seconds + 120 };
const idTokenClaims = {
  iss: issuer,
  sub,
  aud: clientId,
  ...times,
  auth_time: seconds,
  nonce,
  vot: 'Cl.Cm',
  at_hash: hashAccessToken(accessToken),
};
const logoutClaims = { iss: issuer, sub, aud: clientId, ...times, jti: 'jti-1', events: logoutEvents };
const coreIdentityClaims = {
  iss: identityIssuer,
  sub,
  aud: clientId,
  ...times,
  nbf: seconds,
  vot: 'P2',
  vc: {
    type: ['VerifiableCredential', 'IdentityCheckCredential'],
    credentialSubject: {
      name: [{ validFrom: '2020-03-01', nameParts: [{ type: 'GivenName', value: 'Alice' }] }],
      birthDate: [{ value: '1970-01-01' }],
    },
  },
};

const idToken: Target<TokenChange> = {
  name: 'id-token',
  about: 'ID tokens',
  share: 10,
  inputs: tokenChange,
  async examine(change) {
    const token = writeToken(key, { typ: 'JWT' }, idTokenClaims, change);
    const response = { access_token: accessToken, id_token: token } as TokenResponse;
    const expected = {
      issuer,
      clientId,
      nonce,
      vtr: ['Cl.Cm'],
      maxAge: undefined,
      requestedAt: now,
    } as const;
    const validated = await expectRefusalOrResult(
      () => validateIdToken(response, { ...expected, algorithm: 'ES256', keys: jwks, now }),
      /^id_token_/,
    );
    if (validated === undefined) return;
    const claims = { iss: issuer, sub: validated.sub, nonce, vot: 'Cl.Cm' };
    assert(
      isGenuine(token, { key, clientId, now: seconds, claims }),
      'it accepts a token that is not genuine',
    );
  },
};

const logoutToken: Target<TokenChange> = {
  name: 'logout-token',
  about: 'logout tokens',
  share: 10,
  inputs: tokenChange,
  async examine(change) {
    const token = writeToken(key, { typ: 'logout+jwt' }, logoutClaims, change);
    const validated = await expectRefusalOrResult(
      () => validateLogoutToken(token, { issuer, clientId, keys: jwks, now }),
      /^logout_token_/,
    );
    if (validated === undefined) return;
    const claims = { iss: issuer, sub: validated.sub, jti: validated.jti };
    assert(
      isGenuine(token, { key, clientId, now: seconds, claims }),
      'it accepts a token that is not genuine',
    );
  },
};

const coreIdentity: Target<TokenChange> = {
  name: 'core-identity',
  about: 'core identities',
  share: 10,
  inputs: tokenChange,
  async examine(change) {
    const token = writeToken(identityKey, {}, coreIdentityClaims, change);
    const validated = await expectRefusalOrResult(
      () =>
        validateCoreIdentity(token, {
          issuer: identityIssuer,
          clientId,
          idToken: { sub } as ValidatedIdToken,
          vtr: ['Cl.Cm.P2'],
          did,
          keys: identityKeys,
          now,
        }),
      /^core_identity_/,
    );
    if (validated === undefined) return;
    const claims = { iss: identityIssuer, sub, vot: 'P2' };
    assert(
      isGenuine(token, { key: identityKey, clientId, now: seconds, claims }),
      'it accepts a token that is not genuine',
    );
    assert(validated.names.length > 0 && validated.names.every(({ full_name }) => full_name.trim() !== ''));
    assert(
      validated.birthDates.length > 0 && validated.birthDates.every((date) => /^\d{4}-\d\d-\d\d$/.test(date)),
    );
  },
};

export const tokenTargets = [idToken, logoutToken, coreIdentity] as const;
