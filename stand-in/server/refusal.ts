import type { Answer } from './message.ts';

/** A refused request, with the reason for the developer. */
export interface RefusalRecord {
  /** Milliseconds since the epoch, by the stand-in's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** A stable name, such as `request_object_expired`. */
  readonly code: string;
  /** One sentence with what was wrong and what was expected. */
  readonly reason: string;
  /** The status of the response. */
  readonly status: number;
}

/**
 * Thrown for a request with a fault. It has the response of the real One Login, and the reason, which the stand-in records
 * and adds in the header `stand-in-reason`.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly answer: Answer;

  constructor(code: string, reason: string, answer: Answer) {
    super(reason);
    this.code = code;
    this.answer = answer;
  }
}

/** How many refusals to keep; older ones are removed. */
const capacity = 1_000;

/** The refusals, the oldest first. */
export class RefusalLog {
  records: RefusalRecord[] = [];
  readonly #report: ((record: RefusalRecord) => void) | undefined;

  /** @param report called with each refusal, so that `npm start` can print it */
  constructor(report?: (record: RefusalRecord) => void) {
    this.#report = report;
  }

  add(record: RefusalRecord): void {
    this.records.push(record);
    if (this.records.length > capacity) this.records.shift();
    this.#report?.(record);
  }

  clear(): void {
    this.records = [];
  }
}

/** Converts a text for a header: one line of printable ASCII. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 1_000);
}
