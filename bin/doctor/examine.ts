import type { Check, Expectations, Finding, Observations } from './check.ts';
import { jwksAnswer, jwksKeys, ownAddress, tls } from './checks/address.ts';
import { assets, firewallPage, headRequests, hostName, unknownPath } from './checks/pages.ts';
import { didDocument, discovery, providerJwks, userAgent } from './checks/provider.ts';
import { identityRegistration, registration } from './checks/registration.ts';
import { backchannelLogout, callback, logout, securityHeaders, userinfo } from './checks/routes.ts';
import { clock, cookies, login, redirectUri, requestObject } from './checks/sign-in.ts';
import { observe } from './observe.ts';
import type { Transport } from './transport.ts';

/** All checks. Each comes after the checks that it needs. */
export const checks: readonly Check[] = [
  userAgent,
  discovery,
  providerJwks,
  didDocument,
  hostName,
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
  assets,
  unknownPath,
  headRequests,
  firewallPage,
];

export type CheckResult = Pick<Check, 'id' | 'title'> & Finding;

/** Examines a deployment from outside. */
export async function examine(expected: Expectations, transport: Transport): Promise<readonly CheckResult[]> {
  return judge(await observe(expected, transport), expected);
}

/** Runs the checks on the responses. */
export async function judge(observed: Observations, expected: Expectations): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { id, title, needs, examine: look } of checks) {
    const missing = results.filter(
      (result) => needs.includes(result.id) && ['fail', 'skip'].includes(result.status),
    );
    const finding: Finding =
      missing.length === 0
        ? await look(observed, expected)
        : { status: 'skip', found: `first solve ${missing.map((result) => result.id).join(', ')}` };
    results.push({ id, title, ...finding });
  }
  return results;
}
