import type { Authorization } from '../core/flow/authorize-request.ts';
import { levelOfConfidenceOf, type VectorOfTrust } from '../core/one-login/vector-of-trust.ts';

/** Why a request is denied that a policy answers. */
export type DenialReason =
  | Exclude<Authorization['kind'], 'authorized' | 'login_required'>
  | 'header_not_allowed'
  | 'path_not_allowed';

/** What a denial tells the gateway response `ACCESS_DENIED`, which puts it into JSON or a page. */
export interface Denial extends Readonly<Record<string, string>> {
  readonly error: DenialReason;
  /** Where the user gets what is missing; empty when there is no such place. */
  readonly step_up_url: string;
  /** A sentence for the user. */
  readonly explanation: string;
  /** The one way on that the page offers. */
  readonly link_url: string;
  readonly link_text: string;
}

const refused = 'Your request was refused, and nothing was changed.';

const texts: Readonly<Record<DenialReason, { readonly explanation: string; readonly curedBy?: string }>> = {
  insufficient_authentication: {
    explanation: 'You need to sign in again, with a security code, to use this page.',
    curedBy: 'Sign in',
  },
  insufficient_identity: {
    explanation: 'You need to prove your identity with GOV.UK One Login to use this page.',
    curedBy: 'Prove your identity',
  },
  cross_site_request: { explanation: refused },
  header_not_allowed: { explanation: refused },
  path_not_allowed: { explanation: refused },
};

/**
 * What is said of a denial. The gateway response inserts it into its templates as it is: it holds nothing that came
 * with the request, and no character that means anything in HTML or in a JSON string.
 *
 * @param level what the route asks for
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function describeDenial(
  error: DenialReason,
  { level, publicUrl }: { readonly level: VectorOfTrust; readonly publicUrl: string },
): Denial {
  const { explanation, curedBy } = texts[error];
  // An identity request asks for two factors as well: it cures both.
  const route = levelOfConfidenceOf(level) === undefined ? 'login' : 'prove-identity';
  const stepUpUrl = curedBy === undefined ? '' : `${publicUrl}/${route}`;
  return {
    error,
    step_up_url: stepUpUrl,
    explanation,
    link_url: stepUpUrl || new URL('/', publicUrl).href,
    link_text: curedBy ?? 'Go to the service',
  };
}
