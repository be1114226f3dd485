import type { Clock } from '../../lambdas/core/ports.ts';

/** A clock that stands still until a test moves it. Waiting moves it too. */
export class TestClock implements Clock {
  #now: number;

  constructor(now = Date.parse('2026-06-01T12:00:00Z')) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  async wait(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
