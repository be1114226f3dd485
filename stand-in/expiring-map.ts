import { randomBytes } from 'node:crypto';
import type { Clock } from '../lambdas/core/ports.ts';

interface Entry<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How many values to keep; the ones that were stored first are removed. */
const capacity = 5_000;

/**
 * Values by key, each valid for a limited time by the stand-in's clock. A value that has expired is kept as long again, so
 * that its user sees that it has expired.
 */
export class ExpiringMap<T> {
  readonly #clock: Clock;
  readonly #lifetimeMilliseconds: number;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock, lifetimeSeconds: number) {
    this.#clock = clock;
    this.#lifetimeMilliseconds = lifetimeSeconds * 1000;
  }

  /** Stores a value, or replaces it. Its time begins now. */
  set(key: string, value: T, expiresAt = this.#clock.now() + this.#lifetimeMilliseconds): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, expiresAt });
    this.#forget();
  }

  #forget(): void {
    const now = this.#clock.now();
    for (const [key, { expiresAt }] of this.#entries) {
      if (this.#entries.size <= capacity && now < expiresAt + this.#lifetimeMilliseconds) return;
      this.#entries.delete(key);
    }
  }

  /** Stores a value under a new key. @returns the key */
  add(value: T): string {
    const key = randomId();
    this.set(key, value);
    return key;
  }

  /** @returns undefined for an unknown key and for a value that has expired */
  find(key: string | undefined): T | undefined {
    const entry = key === undefined ? undefined : this.#entries.get(key);
    return entry === undefined || entry.expiresAt <= this.#clock.now() ? undefined : entry.value;
  }

  /** Whether the key has a value, which may have expired. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** A key that cannot be guessed. */
export function randomId(): string {
  return randomBytes(32).toString('base64url');
}
