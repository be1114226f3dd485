import type { AuthorizerDecision } from '../telemetry/metrics.ts';

/** Why a policy denies the request. */
export type DenialReason = Exclude<AuthorizerDecision, 'authorized' | 'login_required'>;

/** The context of a denial, which the gateway response `ACCESS_DENIED` puts into JSON or a page. */
export interface Denial extends Readonly<Record<string, string>> {
  readonly error: DenialReason;
  /** The route that raises the user's level. Empty when there is none. */
  readonly step_up_url: string;
  /** A sentence for the user. */
  readonly explanation: string;
  readonly welsh_explanation: string;
  /** The target of the page's link. */
  readonly link_url: string;
  readonly link_text: string;
  readonly welsh_link_text: string;
}

type Words = readonly [english: string, welsh: string];

const refused: Words = [
  'Your request was refused, and nothing was changed.',
  "Gwrthodwyd eich cais, ac nid oes dim wedi'i newid.",
];
const goToService: Words = ['Go to the service', "Mynd i'r gwasanaeth"];

const texts: Readonly<Record<DenialReason, { readonly explanation: Words; readonly curedBy?: Words }>> = {
  insufficient_authentication: {
    explanation: [
      'You need to sign in again, with a security code, to use this page.',
      "Mae angen i chi fewngofnodi eto, gyda chod diogelwch, i ddefnyddio'r dudalen hon.",
    ],
    curedBy: ['Sign in', 'Mewngofnodi'],
  },
  insufficient_identity: {
    explanation: [
      'You need to prove your identity with GOV.UK One Login to use this page.',
      "Mae angen i chi brofi eich hunaniaeth gyda GOV.UK One Login i ddefnyddio'r dudalen hon.",
    ],
    curedBy: ['Prove your identity', 'Profi eich hunaniaeth'],
  },
  cross_site_request: { explanation: refused },
  header_not_allowed: { explanation: refused },
  path_not_allowed: { explanation: refused },
};

/**
 * Describes a denial. The gateway response inserts it into its templates unchanged, so it contains nothing from the request,
 * and no character with a meaning in HTML text or in a JSON string.
 *
 * @param stepUp the route that raises the user's level, below `/auth`. An identity request includes two factors, so it is
 * enough for both reasons
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function describeDenial(
  error: DenialReason,
  { stepUp, publicUrl }: { readonly stepUp: string; readonly publicUrl: string },
): Denial {
  const { explanation, curedBy } = texts[error];
  const linkText = curedBy ?? goToService;
  const stepUpUrl = curedBy === undefined ? '' : `${publicUrl}/${stepUp}`;
  return {
    error,
    step_up_url: stepUpUrl,
    explanation: explanation[0],
    welsh_explanation: explanation[1],
    link_url: stepUpUrl || new URL('/', publicUrl).href,
    link_text: linkText[0],
    welsh_link_text: linkText[1],
  };
}
