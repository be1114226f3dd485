/**
 * The log: one JSON object a line on standard output, with a name and fields from an allow-list, so that no token, code,
 * cookie, claim or whole event can reach it by accident.
 */

import type { AuditEvent } from '../core/audit.ts';
import { RelyingPartyError } from '../core/errors.ts';
import {
  type MetricDimensions,
  type MetricName,
  metricNamespace,
  metrics,
  type UndividedMetricName,
} from './metrics.ts';

/** The fields of a log line. None of them is a secret or identifies the user. */
export interface LogFields {
  readonly route?: string;
  /** It begins with the reference that the page shows. */
  readonly request_id?: string;
  readonly method?: string;
  readonly status?: number;
  /** A key of the error table. */
  readonly code?: string;
  readonly fault?: string;
  /** The message of a {@link RelyingPartyError}: fixed words and names of claims, parameters and endpoints. */
  readonly message?: string;
  /** The class of an unknown error. Its message is never logged, because it may contain anything. */
  readonly error_name?: string;
  /** The file, line and function that threw an unknown error. */
  readonly error_at?: string;
  readonly duration_ms?: number;
  readonly cold_start?: boolean;
  readonly document?: string;
  readonly key_ids?: readonly string[];
  /** The step of the canary. */
  readonly step?: string;
}

const allowed: readonly (keyof LogFields)[] = [
  'route',
  'request_id',
  'method',
  'status',
  'code',
  'fault',
  'message',
  'error_name',
  'error_at',
  'duration_ms',
  'cold_start',
  'document',
  'key_ids',
  'step',
];

export type LogLevel = 'info' | 'warn' | 'error';

export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** Writes an event of the audit trail, with all its fields. */
  audit(event: AuditEvent, requestId: string): void;
  /**
   * Writes a value of each of these metrics, in its unit.
   * @param dimensions of all of them
   * @param at their time, in milliseconds since the epoch. @default now
   */
  metric<Name extends MetricName>(
    values: Readonly<Record<Name, number>>,
    dimensions: MetricDimensions<Name>,
    at?: number,
  ): void;
  /** Keeps a value until {@link flush}, because a request can have many. */
  collect(name: UndividedMetricName, value: number): void;
  /** Writes the collected values, in one line if they fit. Call it at the end of a request. */
  flush(): void;
}

export interface LoggerOptions {
  /** The deployment's name, a dimension of all metrics. */
  readonly deployment: string;
  /** @default standard output, which Lambda sends to CloudWatch unchanged */
  readonly write?: (line: string) => void;
  readonly now?: () => number;
}

/** The event name of the lines of the audit trail. */
export const auditEventName = 'audit';

/** CloudWatch accepts at most this many values of a metric in one line. */
const mostValuesInLine = 100;

/** Fields that are not on the allow-list are left out, even if a caller passes them. */
export function createLogger({ deployment, write = writeLine, now = Date.now }: LoggerOptions): Logger {
  let collected = new Map<UndividedMetricName, number[]>();

  /** CloudWatch reads metrics from the log (embedded metric format), so a request makes no call for them. */
  function writeMetrics(
    values: Readonly<Record<string, number | readonly number[]>>,
    dimensions: Readonly<Record<string, string>>,
    at = now(),
  ): void {
    const names = Object.keys(values) as MetricName[];
    const divisions = new Set(names.map((name) => metrics[name].by));
    const CloudWatchMetrics = [...divisions].map((by) => ({
      Namespace: metricNamespace,
      Dimensions: by.map((own) => ['deployment', ...own]),
      Metrics: names
        .filter((name) => metrics[name].by === by)
        .map((name) => ({ Name: name, Unit: metrics[name].unit })),
    }));
    write(
      JSON.stringify({ _aws: { Timestamp: at, CloudWatchMetrics }, deployment, ...dimensions, ...values }),
    );
  }

  return {
    audit: ({ action, ...event }, requestId) => {
      const at = new Date(now()).toISOString();
      write(
        JSON.stringify({ event: auditEventName, action, at, deployment, request_id: requestId, ...event }),
      );
    },
    metric: writeMetrics,
    collect: (name, value) => {
      collected.set(name, [...(collected.get(name) ?? []), Math.round(value * 10) / 10]);
    },
    flush: () => {
      while (collected.size > 0) {
        const all = [...collected];
        writeMetrics(
          Object.fromEntries(all.map(([name, values]) => [name, values.slice(0, mostValuesInLine)])),
          {},
        );
        collected = new Map(
          all
            .map(([name, values]) => [name, values.slice(mostValuesInLine)] as const)
            .filter(([, rest]) => rest.length > 0),
        );
      }
    },
    log: (level, event, fields = {}) => {
      const known = allowed.map((name) => [name, fields[name]]);
      write(JSON.stringify({ level, event, ...Object.fromEntries(known) }));
    },
  };
}

/** Selects what of an error may be logged. */
export function describeError(
  error: unknown,
): Pick<LogFields, 'code' | 'fault' | 'message' | 'error_name' | 'error_at'> {
  if (!(error instanceof RelyingPartyError)) return describeUnknownError(error);
  const { code, message, definition, cause } = error;
  return {
    code,
    fault: definition.fault,
    message,
    ...(cause === undefined ? {} : describeUnknownError(cause)),
  };
}

/** Selects what of an unknown error may be logged. */
export function describeUnknownError(error: unknown): Pick<LogFields, 'error_name' | 'error_at'> {
  if (!(error instanceof Error)) return { error_name: typeof error };
  const { name, message, stack = '' } = error;
  // The trace follows the message, which may contain lines that look like a trace.
  const end = stack.indexOf(message);
  const trace = end < 0 ? '' : stack.slice(end + message.length);
  const frame = trace.split('\n').find((line) => /^\s+at /.test(line));
  return { error_name: name, ...(frame ? { error_at: frame.trim() } : {}) };
}

/** `console.log` can't be used: Lambda adds time and request id to its lines, which are then not JSON. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
