/** Changes of a JWT: its header and claims, its signer and algorithm, and its compact form. */
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { createProviderSigningKey, type ProviderSigningKey } from '../../test/support/provider-documents.ts';
import {
  changeText,
  type JsonChange,
  jsonChange,
  rarely,
  type TextChange,
  textChange,
  writeChangedJson,
} from './hostile-values.ts';

/** Who signs, and how. All but the first are attacks (RFC 8725, 2.1 and 2.2). */
const signatures = [
  'by the key',
  'by a key of the attacker',
  'by a key of the attacker in the header',
  'HS256 with the public key as JWK',
  'HS256 with the public key as PEM',
  'HS256 with an empty secret',
  'RS256 by a key of the attacker',
  'none',
  'of other claims',
  'as ASN.1',
  'of zeros',
  'empty',
] as const;
type Signature = (typeof signatures)[number];

export interface TokenChange {
  readonly header: readonly JsonChange[];
  readonly claims: readonly JsonChange[];
  readonly signature: Signature;
  /** Of one of the three segments, after signing. */
  readonly segment?: { readonly at: 0 | 1 | 2; readonly change: TextChange } | undefined;
  readonly form: 'compact' | 'JSON' | 'encrypted' | 'without its dots' | 'padded' | 'twice';
}

/** The members of a header that have been used for attacks. */
const headerMember: fc.Arbitrary<JsonChange> = fc
  .constantFrom<readonly [string, unknown]>(
    ['alg', 'none'],
    ['alg', 'None'],
    ['alg', 'es256'],
    ['alg', ['ES256']],
    ['alg', 'ES256K'],
    ['alg', 'PS256'],
    ['alg', 'HS256'],
    ['typ', 'at+jwt'],
    ['typ', 'logout+jwt'],
    ['crit', ['exp']],
    ['crit', []],
    ['b64', false],
    ['zip', 'DEF'],
    ['enc', 'A128GCM'],
    ['cty', 'JWT'],
    ['jku', 'https://attacker.example/jwks.json'],
    ['x5u', 'https://attacker.example/key.pem'],
    ['x5c', ['MIIB']],
    ['kid', '../../dev/null'],
    ['kid', "' UNION SELECT 'key"],
    ['kid', 'toString'],
    ['kid', '__proto__'],
    ['kid', ''],
    ['kid', 1],
  )
  .map(([name, value]) => ({ do: 'add', at: 0, name, value }));

export const tokenChange: fc.Arbitrary<TokenChange> = fc.record({
  header: fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(fc.oneof(jsonChange, headerMember), { minLength: 1, maxLength: 2 }), weight: 1 },
  ),
  claims: fc.array(jsonChange, { maxLength: 3 }),
  signature: fc.oneof(
    { arbitrary: fc.constant('by the key' as const), weight: 4 },
    { arbitrary: fc.constantFrom(...signatures), weight: 1 },
  ),
  segment: rarely(fc.record({ at: fc.constantFrom(0 as const, 1 as const, 2 as const), change: textChange })),
  form: fc.oneof(
    { arbitrary: fc.constant('compact' as const), weight: 8 },
    {
      arbitrary: fc.constantFrom(
        'JSON' as const,
        'encrypted' as const,
        'without its dots' as const,
        'padded' as const,
        'twice' as const,
      ),
      weight: 1,
    },
  ),
});

const attacker = createProviderSigningKey('attacker');
const attackerRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** Writes the token with its changes. */
export function writeToken(
  key: ProviderSigningKey,
  validHeader: object,
  validClaims: object,
  change: TokenChange,
): string {
  const header = { alg: 'ES256', kid: key.kid, ...validHeader, ...algorithmHeader(change.signature) };
  const input = [writeChangedJson(header, change.header), writeChangedJson(validClaims, change.claims)]
    .map((text) => Buffer.from(text).toString('base64url'))
    .join('.');
  const segments = `${input}.${signInput(input, key, change.signature)}`.split('.');
  const { segment } = change;
  if (segment !== undefined) segments[segment.at] = changeText(segments[segment.at] ?? '', segment.change);
  return writeForm(segments, change.form);
}

function algorithmHeader(signature: Signature): object {
  if (signature === 'none') return { alg: 'none' };
  if (signature.startsWith('HS256')) return { alg: 'HS256' };
  if (signature.startsWith('RS256')) return { alg: 'RS256' };
  return signature === 'by a key of the attacker in the header' ? { jwk: attacker.jwk } : {};
}

function signInput(input: string, { privateKey, jwk }: ProviderSigningKey, signature: Signature): string {
  const bytes = Buffer.from(input);
  const hmac = (secret: string) => createHmac('sha256', secret).update(input).digest('base64url');
  switch (signature) {
    case 'by the key':
      return sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    case 'by a key of the attacker':
    case 'by a key of the attacker in the header':
      return sign('sha256', bytes, { key: attacker.privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64url',
      );
    case 'HS256 with the public key as JWK':
      return hmac(JSON.stringify(jwk));
    case 'HS256 with the public key as PEM':
      return hmac(createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString());
    case 'HS256 with an empty secret':
      return hmac('');
    case 'RS256 by a key of the attacker':
      return sign('sha256', bytes, attackerRsa).toString('base64url');
    case 'of other claims':
      return signInput(`${input.split('.')[0]}.e30`, { kid: '', privateKey, jwk }, 'by the key');
    case 'as ASN.1':
      return sign('sha256', bytes, privateKey).toString('base64url');
    case 'of zeros':
      return Buffer.alloc(64).toString('base64url');
    case 'none':
    case 'empty':
      return '';
  }
}

function writeForm(segments: readonly string[], form: TokenChange['form']): string {
  const [header = '', payload = '', signature = ''] = segments;
  const compact = segments.join('.');
  switch (form) {
    case 'compact':
      return compact;
    case 'JSON':
      return JSON.stringify({ protected: header, payload, signature });
    case 'encrypted':
      return [header, 'a2V5', 'aXY', payload, 'dGFn'].join('.');
    case 'without its dots':
      return segments.join('');
    case 'padded':
      return segments.map((segment) => `${segment}==`).join('.');
    case 'twice':
      return compact + compact;
  }
}
