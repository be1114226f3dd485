/**
 * Every metric of this project: what the functions write and what dashboard and alarms read. CloudWatch charges for each
 * combination of a name and the values of its dimensions, so those come from closed lists, and no metric is divided by
 * more than somebody looks at. `docs/operations/metrics.md` explains each; a test keeps the two in step.
 */
import type { ErrorCode, ErrorDefinition } from '../core/errors.ts';
import type { LoginPurpose } from '../core/flow/login-attempt.ts';
import type { ProviderDocumentName, ProviderEndpointName } from '../core/one-login/messages.ts';

/** The CloudWatch namespace of all metrics. All of them are divided by `deployment`. */
export const metricNamespace = 'OneLogin';

/** What a metric may be divided by besides the deployment, with all values that there are. */
export interface DimensionValues {
  readonly purpose: LoginPurpose;
  readonly outcome: 'proved' | 'not_proved';
  readonly code: ErrorCode;
  readonly fault: ErrorDefinition['fault'];
  readonly document: ProviderDocumentName;
  readonly decision: AuthorizerDecision;
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

interface MetricDefinition {
  readonly unit: 'Count' | 'Milliseconds' | 'Seconds';
  /** One metric for each set of dimensions: an empty one stands for the deployment as a whole. */
  readonly by: readonly (readonly (keyof DimensionValues)[])[];
}

const undivided = [[]] as const;
const byPurposeAndTotal = [[], ['purpose']] as const;
const byDocument = [['document']] as const;

export const metrics = {
  // --- the journey --------------------------------------------------------------------------------------------
  /** Users were sent to One Login. */
  started: { unit: 'Count', by: byPurposeAndTotal },
  /** They came back with a code to a sign-in that was still open. An error is not counted: it can come any number of times. */
  returned: { unit: 'Count', by: byPurposeAndTotal },
  /** They got a session. */
  signed_in: { unit: 'Count', by: byPurposeAndTotal },
  /** An identity request had a result. */
  identity_checked: { unit: 'Count', by: [['outcome']] },
  /** Users ended their session here. */
  signed_out: { unit: 'Count', by: undivided },
  /** One Login's notifications that a user signed out: acted on, not believed, failed on our side. */
  logout_accepted: { unit: 'Count', by: undivided },
  logout_refused: { unit: 'Count', by: undivided },
  logout_failed: { unit: 'Count', by: undivided },
  /** Sessions that ended on One Login's word. */
  sessions_ended: { unit: 'Count', by: undivided },
  /** Sessions that a new one took the place of, and that could not be deleted. */
  replaced_sessions_left: { unit: 'Count', by: undivided },
  /** Requests that were refused or failed. */
  refused: { unit: 'Count', by: [['fault'], ['code']] },
  /** What the authorizers said. */
  authorizer_decisions: { unit: 'Count', by: [['decision']] },

  // --- health -------------------------------------------------------------------------------------------------
  /** How long ago the stored copy of a document of One Login was fetched. */
  document_age: { unit: 'Seconds', by: byDocument },
  /** A document has other keys than before. */
  key_set_changed: { unit: 'Count', by: byDocument },
  /** A document could not be refreshed. */
  refresh_failed: { unit: 'Count', by: byDocument },
  /** Lines that said they were of the audit trail, and were not as such lines are. */
  audit_lines_refused: { unit: 'Count', by: undivided },
  /** Requests that had to wait for a new instance of a function. */
  cold_starts: { unit: 'Count', by: undivided },
  /** Each try of each call, until its answer was read or it was given up. */
  dynamodb_latency: { unit: 'Milliseconds', by: undivided },
  kms_latency: { unit: 'Milliseconds', by: undivided },
  /** Tries that AWS refused because there were too many. */
  dynamodb_throttled: { unit: 'Count', by: undivided },
  kms_throttled: { unit: 'Count', by: undivided },
  /** Each call of One Login, by endpoint, until its answer was read or it was given up. */
  token_latency: { unit: 'Milliseconds', by: undivided },
  userinfo_latency: { unit: 'Milliseconds', by: undivided },
  discovery_latency: { unit: 'Milliseconds', by: undivided },
  jwks_latency: { unit: 'Milliseconds', by: undivided },
  did_latency: { unit: 'Milliseconds', by: undivided },
} as const satisfies Readonly<Record<string, MetricDefinition>> &
  Readonly<Record<`${ProviderEndpointName}_latency`, MetricDefinition>>;

export type MetricName = keyof typeof metrics;

/** Metrics without dimensions of their own, of which one request can have several values. */
export type UndividedMetricName = {
  readonly [Name in MetricName]: (typeof metrics)[Name]['by'] extends typeof undivided ? Name : never;
}[MetricName];

/** The dimensions of a metric, or of several together, each with a value. */
export type DimensionsOf<Name extends MetricName> = {
  readonly [Dimension in (typeof metrics)[Name]['by'][number][number]]: DimensionValues[Dimension];
};
