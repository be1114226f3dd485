import type { Answer } from './message.ts';

/** Why the stand-in refused a request, for the developer who made it. */
export interface RefusalRecord {
  /** Milliseconds since the epoch, by the stand-in's clock. */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** A stable name, such as `request_object_expired`. */
  readonly code: string;
  /** One sentence: what was wrong and what was expected. */
  readonly reason: string;
  /** The status of the answer. */
  readonly status: number;
}

/**
 * Thrown by whatever finds a fault in a request. It carries the answer that the real One Login gives; the reason,
 * which the real one keeps to itself, is recorded and sent along in the header `stand-in-reason`.
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

/** How many refusals are kept; older ones are dropped. */
const capacity = 1_000;

/** The refusals so far, oldest first. */
export class RefusalLog {
  #records: RefusalRecord[] = [];
  readonly #report: ((record: RefusalRecord) => void) | undefined;

  /** @param report told of each refusal as it happens, so that `npm start` can print it */
  constructor(report?: (record: RefusalRecord) => void) {
    this.#report = report;
  }

  get records(): readonly RefusalRecord[] {
    return this.#records;
  }

  add(record: RefusalRecord): void {
    this.#records.push(record);
    if (this.#records.length > capacity) this.#records.shift();
    this.#report?.(record);
  }

  clear(): void {
    this.#records = [];
  }
}

/** Makes a text fit for a header: one line of printable ASCII. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 1_000);
}
