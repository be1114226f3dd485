import type { Clock } from '../../lambdas/core/ports.ts';

/**
 * A clock for many who wait at the same time. It goes from one event to the next, so that minutes pass as fast as the code
 * runs. Times are whole milliseconds.
 */
export class VirtualClock implements Clock {
  readonly #events = new Map<number, (() => void)[]>();
  #now: number;

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** @param milliseconds 1 or more */
  wait(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const at = this.#now + milliseconds;
    const events = this.#events.get(at);
    if (events === undefined) this.#events.set(at, [resolve]);
    else events.push(resolve);
    return promise;
  }

  /** Lets time pass up to a moment. What begins at one moment has begun to wait again before the next. */
  async runUntil(end: number): Promise<void> {
    for (; this.#now < end; this.#now += 1) {
      const events = this.#events.get(this.#now);
      if (events === undefined) continue;
      this.#events.delete(this.#now);
      for (const resolve of events) resolve();
      await new Promise(setImmediate);
    }
  }
}
