/**
 * All metrics, which the functions write and the dashboard and alarms read. CloudWatch charges for each combination of a
 * name and the values of its dimensions. So the values come from closed lists, and each dimension has a use.
 * `docs/operations/metrics.md` explains each metric.
 */
import type { ErrorCode, ErrorDefinition } from '../core/errors.ts';
import type { LoginPurpose } from '../core/flow/login-attempt.ts';
import type { ProviderDocumentName, ProviderEndpointName } from '../core/one-login/messages.ts';

/** The CloudWatch namespace of all metrics. All of them have the dimension `deployment`. */
export const metricNamespace = 'OneLogin';

/** The dimensions of metrics in addition to the deployment, with all their values. */
export interface DimensionValues {
  readonly purpose: LoginPurpose;
  readonly outcome: 'proved' | 'not_proved';
  readonly code: ErrorCode;
  readonly fault: ErrorDefinition['fault'];
  readonly document: ProviderDocumentName;
  readonly decision: AuthorizerDecision;
  readonly step: CanaryStep;
}

/** What an authorizer can decide about a request. */
export const authorizerDecisions = [
  'authorized',
  'login_required',
  'insufficient_authentication',
  'insufficient_identity',
  'cross_site_request',
  'header_not_allowed',
  'path_not_allowed',
] as const;
export type AuthorizerDecision = (typeof authorizerDecisions)[number];

/** What the canary examines. */
export const canarySteps = [
  'discovery',
  'jwks',
  'jwks_in_time',
  'login',
  'authorize',
  'callback',
  'certificate',
] as const;
export type CanaryStep = (typeof canarySteps)[number];

interface MetricDefinition {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds' | 'None';
  /** One metric for each set of dimensions. The empty set is the whole deployment. */
  readonly by: readonly (readonly (keyof DimensionValues)[])[];
}

const undivided = [[]] as const;
const byPurposeAndTotal = [[], ['purpose']] as const;
const byDocument = [['document']] as const;

export const metrics = {
  // --- the journey --------------------------------------------------------------------------------------------
  /** Browsers that were redirected to One Login. Robots are not counted, see `isShownNavigation`. */
  started: { unit: 'Count', by: byPurposeAndTotal },
  /** Returns from One Login with a code for an open attempt. Errors and made-up codes are not counted. */
  returned: { unit: 'Count', by: byPurposeAndTotal },
  /** New sessions. */
  signed_in: { unit: 'Count', by: byPurposeAndTotal },
  /**
   * How a sign-in ended: 0 for a new session, 1 for a failure whose fault is One Login's, AWS's or ours, and no claim of a
   * query string. So the average is the share that failed, and callers cannot change it.
   */
  sign_in_failed: { unit: 'Count', by: undivided },
  /** Outcomes of identity requests. */
  identity_checked: { unit: 'Count', by: [['outcome']] },
  /** Sessions that users ended here. */
  signed_out: { unit: 'Count', by: undivided },
  /**
   * Notifications that a user signed out: accepted, refused, or lost. Lost are those that failed on our side, and those that
   * One Login has signed and we refuse.
   */
  logout_accepted: { unit: 'Count', by: undivided },
  logout_refused: { unit: 'Count', by: undivided },
  logout_failed: { unit: 'Count', by: undivided },
  /** Sessions that ended because of such a notification. */
  sessions_ended: { unit: 'Count', by: undivided },
  /** Replaced sessions that could not be deleted. */
  replaced_sessions_left: { unit: 'Count', by: undivided },
  /** Requests that were refused or failed. */
  refused: { unit: 'Count', by: [['fault'], ['code']] },
  /** Responses with a 5xx status because of an error in the query string, also for reloads. API Gateway counts them as its own. */
  claimed_5xx: { unit: 'Count', by: undivided },
  /** Decisions of the authorizers. */
  authorizer_decisions: { unit: 'Count', by: [['decision']] },

  // --- health -------------------------------------------------------------------------------------------------
  /** The age of the stored copy of a document of One Login. */
  document_age: { unit: 'Seconds', by: byDocument },
  /** Changes of the keys in a document. */
  key_set_changed: { unit: 'Count', by: byDocument },
  /** Failed refreshes of a document. */
  refresh_failed: { unit: 'Count', by: byDocument },
  /** Whether a run of the canary found that users cannot sign in: 1, else 0. */
  canary_failed: { unit: 'Count', by: undivided },
  /** The same for each step that it examined. */
  canary_step_failed: { unit: 'Count', by: [['step']] },
  /** How many days the certificate of the public URL is still valid. Negative when it has ended. */
  certificate_days: { unit: 'None', by: undivided },
  /** Malformed lines of the audit trail. */
  audit_lines_refused: { unit: 'Count', by: undivided },
  /** Requests that waited for a new instance of a function. */
  cold_starts: { unit: 'Count', by: undivided },
  /** Each try of each call, until the response was read or the try was given up. */
  dynamodb_latency: { unit: 'Milliseconds', by: undivided },
  kms_latency: { unit: 'Milliseconds', by: undivided },
  /** Tries that AWS throttled. */
  dynamodb_throttled: { unit: 'Count', by: undivided },
  kms_throttled: { unit: 'Count', by: undivided },
  /** Each call of One Login, by endpoint, until the response was read or the call was given up. */
  token_latency: { unit: 'Milliseconds', by: undivided },
  userinfo_latency: { unit: 'Milliseconds', by: undivided },
  discovery_latency: { unit: 'Milliseconds', by: undivided },
  jwks_latency: { unit: 'Milliseconds', by: undivided },
  did_latency: { unit: 'Milliseconds', by: undivided },
} as const satisfies Readonly<Record<string, MetricDefinition>> &
  Readonly<Record<`${ProviderEndpointName}_latency`, MetricDefinition>>;

export type MetricName = keyof typeof metrics;

/** Metrics without dimensions. One request can have several values of them. */
export type UndividedMetricName = {
  readonly [Name in MetricName]: (typeof metrics)[Name]['by'] extends typeof undivided ? Name : never;
}[MetricName];

/** The values of the dimensions of one or more metrics. */
export type MetricDimensions<Name extends MetricName> = {
  readonly [Dimension in (typeof metrics)[Name]['by'][number][number]]: DimensionValues[Dimension];
};
