import type { Clock } from '../../lambdas/core/ports.ts';

/** The `jti` of every assertion that was used, until the assertion expires. */
export class UsedAssertions {
  readonly #expiries = new Map<string, number>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param expiresAt milliseconds since the epoch. @returns false when the `jti` was used before */
  remember(jti: string, expiresAt: number): boolean {
    const known = this.#expiries.get(jti);
    if (known !== undefined && known > this.#clock.now()) return false;
    this.#expiries.set(jti, expiresAt);
    return true;
  }

  clear(): void {
    this.#expiries.clear();
  }
}
