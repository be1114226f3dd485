import { randomUUID } from 'node:crypto';
import { type Claims, changeClaims, signWithFaults } from '../keys/token-faults.ts';
import { nowInSeconds, type Provider } from '../provider.ts';
import { buildIdToken } from '../token/id-token.ts';
import {
  type LogoutToken,
  type LogoutTokenFault,
  type LogoutTokenOptions,
  logoutClaimFaults,
  logoutTokenSeconds,
} from './logout-token-options.ts';

/** The event of a logout token (OIDC Back-Channel Logout 1.0, 2.4). */
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Creates a logout token (docs/one-login.md, 6). It is signed with ES256 for every client. */
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
    exp: now + logoutTokenSeconds,
    jti,
    events: { [logoutEvent]: {} },
  };
  const claims = {
    ...changeClaims(usual, faults, logoutClaimFaults, now),
    ...withoutNulls(options.claims ?? {}),
  };
  return {
    token: await signWithFaults(provider.keys.es256, claims, faults, chooseTyp(faults)),
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
    auth_time: nowInSeconds(provider),
  } as const;
  return buildIdToken(provider, contents, randomUUID(), []);
}
