/** The attacks of RFC 8725, 2, on each kind of token that One Login signs. `docs/security/rfc-8725.md` cites them. */
import { sign } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { validateCoreIdentity } from '../../../../lambdas/core/one-login/core-identity.ts';
import { validateIdToken } from '../../../../lambdas/core/one-login/id-token.ts';
import { validateLogoutToken } from '../../../../lambdas/core/one-login/logout-token.ts';
import {
  coreIdentityClaims,
  createDidKeySource,
  ecKey,
  expectedCoreIdentity,
  expectedIdToken,
  identityKey,
  idTokenClaims,
  logoutTokenClaims,
  type SigningKey,
  signJwt,
  tokenResponse,
} from './example-provider.ts';

interface Kind {
  readonly key: SigningKey;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Characters. */
  readonly longest: number;
  accept(token: string): Promise<unknown>;
}

const kinds: Readonly<Record<'id_token' | 'logout_token' | 'core_identity', Kind>> = {
  id_token: {
    key: ecKey,
    claims: idTokenClaims,
    longest: 65_536,
    accept: async (token) => validateIdToken(tokenResponse(token), expectedIdToken),
  },
  logout_token: {
    key: ecKey,
    claims: logoutTokenClaims,
    longest: 8192,
    accept: async (token) => validateLogoutToken(token, expectedIdToken),
  },
  core_identity: {
    key: identityKey,
    claims: coreIdentityClaims,
    longest: 65_536,
    accept: async (token) => validateCoreIdentity(token, expectedCoreIdentity),
  },
};

/** Signs exactly these bytes, whatever they are. */
function signBytes({ privateKey }: SigningKey, header: Buffer, payload: Buffer): string {
  const input = `${header.toString('base64url')}.${payload.toString('base64url')}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

describe.each(Object.entries(kinds))('a genuine %s', (kind, { key, claims, longest, accept }) => {
  const header = JSON.stringify({ alg: 'ES256', kid: key.kid });
  const payload = JSON.stringify(claims);
  const signText = (headerText: string, payloadText: string, encoding: BufferEncoding = 'utf8') =>
    signBytes(key, Buffer.from(headerText, encoding), Buffer.from(payloadText, encoding));

  test('is accepted as it is', async () => {
    await expect(accept(signText(header, payload))).resolves.toBeDefined();
  });

  // id: malformed-jwts-refused
  test.each<[string, () => string, string]>([
    ['as a JWE', () => signText(header, payload).replace('.', '.a2V5.aXY.'), 'malformed'],
    [
      'in the JSON serialisation',
      () => {
        const [head, body, signature] = signText(header, payload).split('.');
        return JSON.stringify({ protected: head, payload: body, signature });
      },
      'malformed',
    ],
    ['padded', () => `${signText(header, payload)}==`, 'malformed'],
    ['in UTF-16', () => signText(header, payload, 'utf16le'), 'malformed'],
    ['with a byte order mark', () => signText(header, `\ufeff${payload}`), 'malformed'],
    [
      'with a second alg in its header',
      () => signText(header.replace('}', ',"alg":"none"}'), payload),
      'alg_unexpected',
    ],
    [
      'with a second iss in its payload',
      () => signText(header, payload.replace(/}$/, ',"iss":"https://attacker.example/"}')),
      'iss_unexpected',
    ],
    [
      'with a signature of zeros',
      () => signText(header, payload).replace(/[^.]+$/, Buffer.alloc(64).toString('base64url')),
      'signature_invalid',
    ],
    [
      'with a signature that goes on',
      () => {
        const token = signText(header, payload);
        const at = token.lastIndexOf('.') + 1;
        const bytes = Buffer.concat([Buffer.from(token.slice(at), 'base64url'), Buffer.alloc(1)]);
        return token.slice(0, at) + bytes.toString('base64url');
      },
      'signature_invalid',
    ],
  ])('is refused %s', async (_, write, fault) => {
    await expect(accept(write())).rejects.toMatchObject({ code: `${kind}_${fault}` });
  });

  test('is only decoded if it is not too long', async () => {
    await expect(accept('x'.repeat(longest))).rejects.toThrow('it is not a signed compact JWT');
    await expect(accept('x'.repeat(longest + 1))).rejects.toThrow('it is too long');
  });

  // id: sub-must-be-utf8
  test('is refused with a sub that is no UTF-8', async () => {
    const invalid = Buffer.from(payload.replace(String(claims['sub']), '\xff\xfe'), 'latin1');
    await expect(accept(signBytes(key, Buffer.from(header), invalid))).rejects.toMatchObject({
      code: expect.stringMatching(`^${kind}_sub_`),
    });
  });
});

describe('a token of One Login in place of another', () => {
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const pairs = names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));

  // id: token-kinds-not-confused
  test.each(pairs)('is refused, a %s as a %s, even if the right key signed it', async (from, to) => {
    const token = await signJwt(kinds[from].claims, kinds[to].key);
    await expect(kinds[to].accept(token)).rejects.toMatchObject({ code: expect.stringMatching(`^${to}_`) });
  });

  // id: identity-by-id-token-key
  test('is refused as a core identity if the key of ID tokens signed it', async () => {
    const signed = await signJwt(coreIdentityClaims, { ...ecKey, kid: identityKey.kid });
    const keys = createDidKeySource(identityKey);
    await expect(validateCoreIdentity(signed, { ...expectedCoreIdentity, keys })).rejects.toMatchObject({
      code: 'core_identity_signature_invalid',
    });
  });
});
