/** A judge of tokens that shares no code with the product. */
import { createPublicKey, verify } from 'node:crypto';
import type { ProviderSigningKey } from '../../test/support/provider-documents.ts';

/** What must be exactly so in a token that is accepted, and its times. */
export interface GenuineToken {
  readonly key: ProviderSigningKey;
  readonly clientId: string;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly claims: Readonly<Record<string, string>>;
}

/** How far clocks may differ, in seconds. */
const skew = 30;

/** Whether the key signed exactly this text ES256, and its decisive claims are those that are expected. */
export function isGenuine(token: string, { key, clientId, now, claims }: GenuineToken): boolean {
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0)
    return false;
  const { alg, kid, crit } = decode(header);
  if (alg !== 'ES256' || kid !== key.kid || crit !== undefined) return false;
  const found = decode(payload);
  const audiences = [found['aud']].flat();
  const times = ['iat', 'nbf', 'auth_time'].map((name) => found[name] ?? now);
  return (
    Object.entries(claims).every(([name, value]) => found[name] === value) &&
    audiences.includes(clientId) &&
    (audiences.length === 1 ? [undefined, clientId] : [clientId]).includes(found['azp'] as string) &&
    typeof found['exp'] === 'number' &&
    found['exp'] + skew > now &&
    times.every((time) => typeof time === 'number' && time <= now + skew) &&
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: createPublicKey(key.privateKey), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  );
}

function decode(segment: string): Readonly<Record<string, unknown>> {
  return Object(JSON.parse(Buffer.from(segment, 'base64url').toString()));
}
