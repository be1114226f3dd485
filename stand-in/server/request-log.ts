import type { IncomingMessage } from 'node:http';

/**
 * A request to the stand-in, without its query string, body and header values other than User-Agent.
 */
export interface RequestLogEntry {
  /** 1 for the first request since the start. Each number is used once. */
  readonly id: number;
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** In lower case, in their order. */
  readonly headerNames: readonly string[];
  readonly userAgent: string | undefined;
  /** Milliseconds since the epoch, by the stand-in's clock. */
  readonly startedAt: number;
  /** The time when the response was sent or the connection was closed; undefined before that. */
  endedAt: number | undefined;
  /** The ids of the requests that were in progress when this one began. */
  readonly inParallelWith: readonly number[];
  /** The status of the response; undefined before it was sent, and when none was sent. */
  status: number | undefined;
  /** The code of the refusal; undefined for other requests. */
  refusal: string | undefined;
}

/** How many entries to keep; older ones are removed. */
const capacity = 10_000;

/** Every request except those to `/control`, the oldest first. */
export class RequestLog {
  entries: RequestLogEntry[] = [];
  readonly #inProgress = new Set<number>();
  #nextId = 1;

  /** Records the start of a request. */
  begin(message: IncomingMessage, path: string, now: number): RequestLogEntry {
    const entry: RequestLogEntry = {
      id: this.#nextId++,
      method: message.method ?? 'GET',
      path,
      headerNames: Object.keys(message.headers),
      userAgent: message.headers['user-agent'],
      startedAt: now,
      endedAt: undefined,
      inParallelWith: [...this.#inProgress],
      status: undefined,
      refusal: undefined,
    };
    this.entries.push(entry);
    this.#inProgress.add(entry.id);
    if (this.entries.length > capacity) this.entries.shift();
    return entry;
  }

  /** Records its end. `status` is undefined when no response was sent. */
  end(entry: RequestLogEntry, status: number | undefined, now: number): void {
    this.#inProgress.delete(entry.id);
    entry.endedAt = now;
    entry.status = status;
  }

  clear(): void {
    this.entries = [];
  }
}
