import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import type { LoginAttempt } from '../../../lambdas/core/flow/login-attempt.ts';
import type { Abortable, AttemptLookup, LoginAttemptStore } from '../../../lambdas/core/ports.ts';
import { untilAborted } from './until-aborted.ts';

type Consumed = Omit<LoginAttempt, 'nonce' | 'codeVerifier'>;

type Stored =
  | { readonly consumed: false; readonly attempt: LoginAttempt }
  | { readonly consumed: true; readonly attempt: Consumed };

/**
 * Attempts in this process's memory, for tests. Atomic because nothing is awaited between look and change.
 */
export class MemoryLoginAttemptStore implements LoginAttemptStore, Abortable<LoginAttemptStore> {
  readonly #attempts = new Map<string, Stored>();

  withSignal(signal: AbortSignal): LoginAttemptStore {
    return untilAborted(this, signal);
  }

  async put(attempt: LoginAttempt): Promise<void> {
    if (this.#attempts.has(attempt.stateHash)) {
      throw new RelyingPartyError('unexpected', 'a login attempt with this state exists already');
    }
    this.#attempts.set(attempt.stateHash, { consumed: false, attempt });
  }

  async read(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup> {
    return this.#lookUp(stateHash, browserHashes, now);
  }

  async markFailed(stateHash: string, browserHashes: readonly string[], now: number): Promise<boolean> {
    const lookup = this.#lookUp(stateHash, browserHashes, now);
    if (lookup.kind !== 'found' || lookup.attempt.failed) return false;
    this.#attempts.set(stateHash, { consumed: false, attempt: { ...lookup.attempt, failed: true } });
    return true;
  }

  async consume(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup> {
    const lookup = this.#lookUp(stateHash, browserHashes, now);
    if (lookup.kind === 'found') {
      const { nonce: _nonce, codeVerifier: _codeVerifier, ...attempt } = lookup.attempt;
      this.#attempts.set(stateHash, { consumed: true, attempt });
    }
    return lookup;
  }

  #lookUp(stateHash: string, browserHashes: readonly string[], now: number): AttemptLookup {
    const stored = this.#attempts.get(stateHash);
    if (stored === undefined) return { kind: 'unknown' };
    const {
      browserHash,
      maxAge: _,
      repeats,
      returnCodes,
      stateHash: __,
      expiresAt,
      createdAt,
      failed: ___,
      ...rest
    } = stored.attempt;
    const { nonce, codeVerifier, ...remembered } = { nonce: '', codeVerifier: '', ...rest };
    if (!browserHashes.includes(browserHash)) return { kind: 'other_browser', ...remembered };
    if (stored.consumed) return { kind: 'consumed', ...remembered };
    if (expiresAt <= now) return { kind: 'expired', ...remembered };
    return { kind: 'found', attempt: stored.attempt };
  }
}
