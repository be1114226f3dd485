import type { Clock } from '../../lambdas/core/ports.ts';

/** A clock that stands still until it is told to move; waiting moves it. */
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
