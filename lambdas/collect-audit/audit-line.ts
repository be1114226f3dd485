import type { AuditEvent } from '../core/audit.ts';
import { auditEventName } from '../telemetry/logger.ts';

export type CollectedLine =
  | { readonly kind: 'audit'; readonly line: string }
  /** A line that is not part of the audit trail. */
  | { readonly kind: 'other' }
  /** A line of the audit trail with a wrong value. */
  | { readonly kind: 'malformed'; readonly field: string };

type Action = AuditEvent['action'];
type AuditEventWith<A extends Action, Event = AuditEvent> = Event extends { readonly action: infer Actions }
  ? A extends Actions
    ? Event
    : never
  : never;
type AuditField<A extends Action> = Exclude<keyof AuditEventWith<A>, 'action'>;
type Check = (value: unknown) => boolean;

/** The fields of every line, see `audit` of the logger. */
const commonFields: Readonly<Record<string, Check>> = {
  at: matches(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z$/),
  deployment: matches(/^[a-z0-9-]{1,40}$/),
  request_id: matches(/^[\w=-]{1,100}$/),
};

const user = matches(/^[\w-]{43}$/);
const sessions: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** The other fields of each action. The compiler reports a missing or an extra action or field. */
export const actionFields: { readonly [A in Action]: { readonly [Field in AuditField<A>]: Check } } = {
  signed_in: { user },
  reauthenticated: { user },
  identity_checked: {
    user,
    outcome: matches(/^(proved|not_proved)$/),
    confidence: matches(/^P[12]$/),
    reason: matches(/^(absent|access_denied|interrupted)$/),
  },
  signed_out: { user },
  sessions_revoked: { user, sessions },
  sessions_revoked_by_operator: { user, sessions },
  refused: { code: matches(/^[a-z_]{1,64}$/) },
};

/**
 * Reads a line of a function's log and selects the fields of its kind of event. Each value must have the expected form.
 *
 * @param message the line
 * @param eventId CloudWatch's id of the line, which is the same when a batch is delivered twice
 */
export function readAuditLine(message: string, eventId: string): CollectedLine {
  const source = parse(message);
  if (source === undefined || source['event'] !== auditEventName) return { kind: 'other' };
  const action = source['action'];
  if (typeof action !== 'string' || !isAction(action)) return { kind: 'malformed', field: 'action' };
  const fields = Object.entries<Check>({ ...commonFields, ...actionFields[action] }).filter(
    ([name]) => source[name] !== undefined,
  );
  const malformed = fields.find(([name, accepts]) => !accepts(source[name]));
  if (malformed !== undefined) return { kind: 'malformed', field: malformed[0] };
  const copied = Object.fromEntries(fields.map(([name]) => [name, source[name]]));
  return {
    kind: 'audit',
    line: JSON.stringify({ event: auditEventName, action, ...copied, event_id: eventId }),
  };
}

function isAction(value: string): value is Action {
  return Object.hasOwn(actionFields, value);
}

function matches(pattern: RegExp): Check {
  return (value) => typeof value === 'string' && pattern.test(value);
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
