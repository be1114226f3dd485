import { styleText } from 'node:util';
import { parseJsonObject } from '../lambdas/core/one-login/json-object.ts';
import { auditEventName } from '../lambdas/telemetry/logger.ts';
import type { AnsweredRequest } from './api-gateway/api-gateway.ts';

/** A function's line for standard output, which has one JSON object a line, whatever the function wrote. */
export function toJsonLine(line: string): string {
  return parseJsonObject(line) === undefined ? JSON.stringify({ message: line }) : line;
}

type Fields = Readonly<Record<string, unknown>>;
type Style = Parameters<typeof styleText>[0];

/** Fields that every line has, or that are of no use to a developer. */
const omitted = ['level', 'event', 'route', 'request_id', 'timestamp', 'requestId', 'stackTrace'];

/**
 * The log for a person: a line for each request, and one for each warning and error. The request's line has the code and
 * the reference of a refusal, which the function wrote before. Metrics and the audit trail are left out.
 */
export class ReadableLog {
  readonly #print: (line: string) => void;
  readonly #now: () => Date;
  /** The lines of functions about refusals, by request id, until the request has its response. */
  readonly #refusals = new Map<unknown, Fields>();

  /** @param now @default the system's clock, in the time zone of the machine */
  constructor(print: (line: string) => void, now: () => Date = () => new Date()) {
    this.#print = print;
    this.#now = now;
  }

  /** Takes a line that a function wrote. */
  addLine(line: string): void {
    const fields = parseJsonObject(line);
    if (fields === undefined) {
      this.#write(line);
      return;
    }
    const { event, level } = fields;
    if ('_aws' in fields || event === auditEventName || event === 'answered') return;
    if (event === 'refused') {
      this.#refusals.set(fields['request_id'], fields);
      return;
    }
    const { stackTrace = [] } = fields;
    const words = [level, event, fields['route']].filter((word) => word !== undefined).join(' ');
    const details = [words, ...describeFields(fields)].join('  ');
    const stack = Array.isArray(stackTrace) ? stackTrace.map((frame) => `\n  ${frame}`).join('') : '';
    this.#write(`${details}${stack}`, levelStyles[String(level).toLowerCase()]);
  }

  /** Takes a request to which the API has responded. The many files of a page are left out. */
  addAnswer({ requestId, method, path, status, milliseconds }: AnsweredRequest): void {
    const refusal = this.#refusals.get(requestId);
    this.#refusals.delete(requestId);
    if (path.startsWith('/auth/assets/') && status === 200) return;
    const words = [`${method.padEnd(4)} ${path}`, status, `${Math.round(milliseconds)} ms`];
    if (refusal !== undefined) {
      const { code, fault, status: _, ...others } = refusal;
      const reference = requestId.slice(0, 8);
      words.push(`${code} (reference ${reference}, fault of ${fault})`, ...describeFields(others));
    }
    this.#write(words.join('  '), chooseStyle(status));
  }

  #write(text: string, style: Style = []): void {
    const time = this.#now().toTimeString().slice(0, 8);
    this.#print(`${styleText('dim', time)}  ${styleText(style, text)}`);
  }
}

function describeFields(fields: Fields): readonly string[] {
  return Object.entries(fields)
    .filter(([name]) => !omitted.includes(name))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

const levelStyles: Readonly<Record<string, Style>> = { error: 'red', warn: 'yellow' };

function chooseStyle(status: number): Style {
  if (status >= 500) return 'red';
  return status >= 400 ? 'yellow' : [];
}
