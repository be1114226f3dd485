/**
 * One request that reached the stand-in. Neither query string nor body nor header values are kept, User-Agent
 * excepted.
 */
export interface RequestLogEntry {
  /** 1 for the first request since the start; never used twice. */
  readonly id: number;
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** In lower case, in the order in which they came. */
  readonly headerNames: readonly string[];
  readonly userAgent: string | undefined;
  /** Milliseconds since the epoch, by the stand-in's clock. */
  readonly startedAt: number;
  /** When the answer had been sent or the connection was closed; undefined while under way. */
  endedAt: number | undefined;
  /** The ids of the requests that were under way when this one began. */
  readonly inParallelWith: readonly number[];
  /** Of the answer; undefined while under way, and when none was sent. */
  status: number | undefined;
  /** Why the request was refused; undefined when it was not. */
  refusal: string | undefined;
}

/** How many entries are kept; older ones are dropped. */
const capacity = 10_000;

/** Every request but those to `/control`, oldest first. */
export class RequestLog {
  #entries: RequestLogEntry[] = [];
  readonly #underWay = new Set<number>();
  #nextId = 1;

  get entries(): readonly RequestLogEntry[] {
    return this.#entries;
  }

  /** Notes the start of a request. */
  begin(
    request: Pick<RequestLogEntry, 'method' | 'path' | 'headerNames' | 'userAgent'>,
    now: number,
  ): RequestLogEntry {
    const entry: RequestLogEntry = {
      id: this.#nextId++,
      ...request,
      startedAt: now,
      endedAt: undefined,
      inParallelWith: [...this.#underWay],
      status: undefined,
      refusal: undefined,
    };
    this.#entries.push(entry);
    this.#underWay.add(entry.id);
    if (this.#entries.length > capacity) this.#entries.shift();
    return entry;
  }

  /** Notes its end. `status` is undefined when no answer was sent. */
  end(entry: RequestLogEntry, status: number | undefined, now: number): void {
    this.#underWay.delete(entry.id);
    entry.endedAt = now;
    entry.status = status;
  }

  clear(): void {
    this.#entries = [];
  }
}
