import { randomUUID } from 'node:crypto';
import { signWithFaults } from '../keys/sign-with-faults.ts';
import { isSignatureFault } from '../keys/signature-faults.ts';
import { type ClaimFaults, type Claims, spoilClaims } from '../keys/spoil-claims.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { buildIdToken } from '../token/id-token.ts';
import type {
  ClaimFault,
  LogoutToken,
  LogoutTokenFault,
  LogoutTokenOptions,
} from './logout-token-options.ts';

/** The event of a logout token (OIDC Back-Channel Logout 1.0, 2.4). */
export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** How long a logout token is good for. */
const lifetimeSeconds = 120;

const day = 86_400;

/** What the claim faults do. */
const spoiltClaims: ClaimFaults<ClaimFault> = {
  INVALID_ISS: () => ({ iss: 'https://example.com/identity-provider' }),
  INVALID_AUD: () => ({ aud: 'another-client' }),
  TOKEN_EXPIRED: (_claims, now) => ({ iat: now - day, exp: now - day + lifetimeSeconds }),
  TOKEN_NOT_VALID_YET: (_claims, now) => ({ iat: now + day, exp: now + day + lifetimeSeconds }),
  MISSING_SUB: () => ({ sub: undefined }),
  MISSING_JTI: () => ({ jti: undefined }),
  MISSING_IAT: () => ({ iat: undefined }),
  MISSING_EXP: () => ({ exp: undefined }),
  MISSING_EVENTS: () => ({ events: undefined }),
  WRONG_EVENTS: () => ({ events: { 'http://schemas.openid.net/event/something-else': {} } }),
  NONCE: () => ({ nonce: 'a-nonce' }),
};

/** Makes a logout token (docs/one-login.md, 6): signed with ES256 whatever ID tokens are signed with. */
export async function mintLogoutToken(provider: Provider, options: LogoutTokenOptions): Promise<LogoutToken> {
  const faults = options.faults ?? [];
  const jti = typeof options.claims?.['jti'] === 'string' ? options.claims['jti'] : randomUUID();
  if (faults.includes('ID_TOKEN')) return { token: await signIdToken(provider, options.sub), jti };
  const now = nowInSeconds(provider);
  const usual = {
    iss: provider.issuer,
    aud: provider.client.clientId,
    sub: options.sub,
    iat: now,
    exp: now + lifetimeSeconds,
    jti,
    events: { [logoutEvent]: {} },
  };
  const claims = { ...spoilClaims(usual, faults, spoiltClaims, now), ...withoutNulls(options.claims ?? {}) };
  return {
    token: await signWithFaults(
      provider.keys.es256,
      claims,
      faults.filter(isSignatureFault),
      chooseTyp(faults),
    ),
    jti,
  };
}

function chooseTyp(faults: readonly LogoutTokenFault[]): Claims {
  if (faults.includes('MISSING_TYP')) return {};
  return { typ: faults.includes('WRONG_TYP') ? 'JWT' : 'logout+jwt' };
}

function withoutNulls(claims: Claims): Claims {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, value === null ? undefined : value]),
  );
}

function signIdToken(provider: Provider, sub: string): Promise<string> {
  const contents = {
    sub,
    nonce: randomUUID(),
    sid: randomUUID(),
    vot: 'Cl.Cm',
    authTime: nowInSeconds(provider),
    accessToken: randomUUID(),
  } as const;
  return buildIdToken(provider, contents, []);
}
