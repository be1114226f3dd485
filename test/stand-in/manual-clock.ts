import type { Clock } from '../../lambdas/core/ports.ts';

/** A clock that stands still until it is told otherwise; waiting on it takes no time and is noted. */
export class ManualClock implements Clock {
  readonly waits: number[] = [];
  #now: number;

  constructor(now = Date.parse('2026-03-02T09:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
  }

  advanceSeconds(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
