/**
 * The log: one JSON object a line on standard output, made of a name and an allow-list of fields, so that no
 * token, code, cookie, claim or whole event can reach it by accident.
 */

import type { AuditEvent } from '../core/audit.ts';
import { RelyingPartyError } from '../core/errors.ts';
import {
  type DimensionsOf,
  type MetricName,
  metricNamespace,
  metrics,
  type UndividedMetricName,
} from './metrics.ts';

/** Everything that may stand in a log line. None of it is a secret or says who the user is. */
export interface LogFields {
  readonly route?: string;
  /** The reference number that the page shows. */
  readonly request_id?: string;
  readonly method?: string;
  readonly status?: number;
  /** A key of the error table. */
  readonly code?: string;
  readonly fault?: string;
  /** Of a {@link RelyingPartyError}: made of fixed words and names of claims, parameters and endpoints. */
  readonly message?: string;
  /** The class of an error of unknown origin, never its message, which may hold anything. */
  readonly error_name?: string;
  /** The file, line and function where such an error came from. */
  readonly error_at?: string;
  readonly duration_ms?: number;
  readonly cold_start?: boolean;
  readonly document?: string;
  readonly key_ids?: readonly string[];
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
];

export type LogLevel = 'info' | 'warn' | 'error';

export interface Logger {
  log(level: LogLevel, event: string, fields?: LogFields): void;
  /** Writes an event of the audit trail; its fields are part of its type, so there is nothing to leave out. */
  audit(event: AuditEvent, requestId: string): void;
  /**
   * Writes a value of each of these metrics, in its unit.
   * @param dimensions all that any of them is divided by
   */
  metric<Name extends MetricName>(
    values: Readonly<Record<Name, number>>,
    dimensions: DimensionsOf<Name>,
  ): void;
  /** Keeps a value until {@link flush}: a request has many of them. */
  collect(name: UndividedMetricName, value: number): void;
  /** Writes what was collected, in one line if it fits: to be called when a request has its answer. */
  flush(): void;
}

export interface LoggerOptions {
  /** The deployment's name, by which all metrics are divided. */
  readonly deployment: string;
  /** @default standard output, which Lambda sends to CloudWatch as it is */
  readonly write?: (line: string) => void;
  readonly now?: () => number;
}

/** By which the lines of the audit trail are known among the others. */
export const auditEventName = 'audit';

/** CloudWatch takes no more values of a metric in one line. */
const mostValuesInLine = 100;

/** Fields that are not on the list are left out, whatever a caller passes. */
export function createLogger({ deployment, write = writeLine, now = Date.now }: LoggerOptions): Logger {
  let collected = new Map<UndividedMetricName, number[]>();

  /** CloudWatch reads metrics out of the log (embedded metric format), which costs a request nothing. */
  function writeMetrics(
    values: Readonly<Record<string, number | readonly number[]>>,
    dimensions: Readonly<Record<string, string>>,
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
      JSON.stringify({ _aws: { Timestamp: now(), CloudWatchMetrics }, deployment, ...dimensions, ...values }),
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
      const known = allowed.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]);
      write(JSON.stringify({ level, event, ...Object.fromEntries(known) }));
    },
  };
}

/** What a log may say of any error. */
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

/** What a log may say of an error that is not ours. */
export function describeUnknownError(error: unknown): Pick<LogFields, 'error_name' | 'error_at'> {
  if (!(error instanceof Error)) return { error_name: typeof error };
  const { name, message, stack = '' } = error;
  // The trace follows the message, whose own lines may look like a trace.
  const end = stack.indexOf(message);
  const trace = end < 0 ? '' : stack.slice(end + message.length);
  const frame = trace.split('\n').find((line) => /^\s+at /.test(line));
  return { error_name: name, ...(frame ? { error_at: frame.trim() } : {}) };
}

/** Not by `console.log`: Lambda puts time and request id before its lines, which then are no JSON any more. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
