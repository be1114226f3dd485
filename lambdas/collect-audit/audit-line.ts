import type { AuditEvent } from '../core/audit.ts';
import { auditEventName } from '../telemetry/logger.ts';

/** What became of a line of a function's log. */
export type CollectedLine =
  | { readonly kind: 'audit'; readonly line: string }
  /** Some other line. */
  | { readonly kind: 'other' }
  /** Says that it is of the audit trail, and is not as such lines are. */
  | { readonly kind: 'malformed'; readonly field: string };

type Action = AuditEvent['action'];
type EventOf<A extends Action, Event = AuditEvent> = Event extends { readonly action: infer Actions }
  ? A extends Actions
    ? Event
    : never
  : never;
type FieldOf<A extends Action> = Exclude<keyof EventOf<A>, 'action'>;
type Check = (value: unknown) => boolean;

/** In every line, see `audit` of the logger. */
const commonFields: Readonly<Record<string, Check>> = {
  at: matches(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z$/),
  deployment: matches(/^[a-z0-9-]{1,40}$/),
  request_id: matches(/^[\w=-]{1,100}$/),
};

const user = matches(/^[\w-]{43}$/);
const sessions: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** What each action's line may hold besides: the compiler refuses an action or a field too few or too many. */
export const fieldsOfActions: { readonly [A in Action]: { readonly [Field in FieldOf<A>]: Check } } = {
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
 * Makes of a line of a function's log what goes into the audit trail: the fields that an event of its kind has, each
 * with a value of the expected form, and nothing else that the line may hold.
 *
 * @param message the line
 * @param eventId CloudWatch's id of the line. It stays the same when a batch is delivered twice, so that copies can
 *   be told from events that happened twice.
 */
export function readAuditLine(message: string, eventId: string): CollectedLine {
  const source = parse(message);
  if (source === undefined || source['event'] !== auditEventName) return { kind: 'other' };
  const action = source['action'];
  if (typeof action !== 'string' || !isAction(action)) return { kind: 'malformed', field: 'action' };
  const fields = Object.entries<Check>({ ...commonFields, ...fieldsOfActions[action] }).filter(
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
  return Object.hasOwn(fieldsOfActions, value);
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
