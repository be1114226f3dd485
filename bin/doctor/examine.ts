import type { Check, Expectations, Finding } from './check.ts';
import { backchannelLogout } from './checks/backchannel-logout.ts';
import { callback } from './checks/callback.ts';
import { clock } from './checks/clock.ts';
import { cookies } from './checks/cookies.ts';
import { didDocument } from './checks/did-document.ts';
import { discovery } from './checks/discovery.ts';
import { identityRegistration } from './checks/identity-registration.ts';
import { jwksAnswer } from './checks/jwks-answer.ts';
import { jwksKeys } from './checks/jwks-keys.ts';
import { login } from './checks/login.ts';
import { logout } from './checks/logout.ts';
import { ownAddress } from './checks/own-address.ts';
import { providerJwks } from './checks/provider-jwks.ts';
import { redirectUri } from './checks/redirect-uri.ts';
import { registration } from './checks/registration.ts';
import { requestObject } from './checks/request-object.ts';
import { securityHeaders } from './checks/security-headers.ts';
import { tls } from './checks/tls.ts';
import { userAgent } from './checks/user-agent.ts';
import { userinfo } from './checks/userinfo.ts';
import type { Observations } from './observations.ts';
import { observe } from './observe.ts';
import type { Transport } from './transport.ts';

/** Every check, each after those that it needs. */
export const checks: readonly Check[] = [
  userAgent,
  discovery,
  providerJwks,
  didDocument,
  tls,
  ownAddress,
  jwksAnswer,
  jwksKeys,
  login,
  requestObject,
  redirectUri,
  registration,
  identityRegistration,
  clock,
  cookies,
  callback,
  userinfo,
  logout,
  backchannelLogout,
  securityHeaders,
];

export type CheckResult = Pick<Check, 'id' | 'title'> & Finding;

/** Examines a deployment from outside. */
export async function examine(expected: Expectations, transport: Transport): Promise<readonly CheckResult[]> {
  return judge(await observe(expected, transport), expected);
}

/** What the checks make of everything that was asked. */
export async function judge(observed: Observations, expected: Expectations): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { id, title, needs, examine: look } of checks) {
    const missing = results.filter((result) => needs.includes(result.id) && isMissing(result));
    const finding: Finding =
      missing.length === 0
        ? await look(observed, expected)
        : { status: 'skip', found: `first see to ${missing.map((result) => result.id).join(', ')}` };
    results.push({ id, title, ...finding });
  }
  return results;
}

function isMissing({ status }: CheckResult): boolean {
  return status === 'fail' || status === 'skip';
}
