/**
 * What the core asks of the outside world. Each port has one class per kind of outside in `adapters/`; the
 * memory ones are held to the same contract suite as the real ones (`test/contract`).
 *
 * All times are milliseconds since the epoch unless a name says `_seconds`. Every method rejects with a
 * {@link RelyingPartyError} (`dynamodb_unavailable`, `kms_unavailable`, `provider_unreachable`,
 * `provider_timed_out`) when the other side fails or does not answer in time.
 *
 * Whatever calls somebody or waits is {@link Abortable}, and a request uses it bound to its signal: see `with-signal.ts`.
 */

import type { LoginAttempt, LoginPurpose } from './flow/login-attempt.ts';
import type { ReturnAddress } from './flow/return-to.ts';
import type { Language } from './language.ts';
import type { ProviderDocumentName, ProviderRequest, ProviderResponse } from './one-login/messages.ts';
import type { SealedSession, SessionKey } from './session/session.ts';

/**
 * A port whose calls end with a request. Bound to a signal it begins no call once the signal is aborted, and a call that
 * is under way rejects with the signal's reason, a {@link RelyingPartyError}.
 */
export interface Abortable<Port> {
  withSignal(signal: AbortSignal): Port;
}

/** The time, and waiting for it. Tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

/** Signs with a private key that nobody can read. */
export interface Signer {
  /** The `kid` under which the public key is published. */
  readonly keyId: string;
  /** The JWS algorithm (RFC 7518, 3.1). */
  readonly algorithm: 'PS256';
  /** @returns the signature over `signingInput` (RFC 7515, 5.1: ASCII of header, dot, payload). */
  sign(signingInput: string): Promise<Uint8Array>;
}

/**
 * Sends requests to One Login: with a User-Agent (without one the provider answers 403), without following
 * redirects, with a limit of time and size, over https (http for loopback only), and without any retry.
 */
export interface ProviderClient {
  send(request: ProviderRequest): Promise<ProviderResponse>;
}

/**
 * What became of an attempt that a callback named. What it was for, who was signed in when it began, `returnTo` and
 * `language` survive consumption, and are told to another browser as well: tabs that began before the browser had its
 * cookie each start again to their own page.
 */
export type AttemptLookup =
  | { readonly kind: 'found'; readonly attempt: LoginAttempt }
  | {
      readonly kind: 'consumed' | 'expired' | 'other_browser';
      readonly purpose: LoginPurpose;
      readonly subjectKey?: string;
      readonly returnTo: ReturnAddress;
      readonly language: Language;
    }
  | { readonly kind: 'unknown' };

/**
 * Attempts at signing in, from the redirect to One Login until the callback.
 *
 * - `consume` MUST be atomic: of any number of concurrent calls for one state at most one gets `found`.
 * - Neither `read` nor `consume` from another browser changes anything.
 * - An expired attempt is never `found`, whether or not the store has removed it.
 * - What `found` returns after `consume` can't be had again, but for a repetition of that very call.
 */
export interface LoginAttemptStore {
  /** Stores a new attempt. Rejects when one with this state hash exists already. */
  put(attempt: LoginAttempt): Promise<void>;
  /**
   * Looks without changing anything.
   * @param browserHashes of the browser's cookies, see `cookies.ts`: one of them must be the attempt's; 1 to 50
   */
  read(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup>;
  /** Takes the attempt: the first call gets it, every later one `consumed`. */
  consume(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup>;
}

/**
 * Sessions, each in the partition of its user, and the marks that end them.
 *
 * - Reads are consistent: what was written or deleted before the call began is seen.
 * - `extendIdle` MUST NOT bring a deleted session back, and never moves the absolute expiry.
 * - A session past its absolute or idle expiry is still returned by `read`: the core checks both.
 */
export interface SessionStore {
  put(session: SealedSession): Promise<void>;
  read(key: SessionKey): Promise<SealedSession | undefined>;
  /** @returns false when there is no such session any more. */
  extendIdle(key: SessionKey, idleExpiresAt: number): Promise<boolean>;
  /**
   * Puts other contents into a session, if it still has the contents of before. MUST be atomic, and MUST NOT bring a
   * deleted session back.
   * @param contents a payload sealed for the same key and the same absolute expiry
   * @returns false when the session has gone or has other contents by now
   */
  replaceContents(before: SealedSession, contents: Uint8Array): Promise<boolean>;
  /** Deletes one session; deleting what is not there is no error. */
  delete(key: SessionKey): Promise<void>;
  /**
   * Deletes a session that was put and must not stand. It cleans up after a request that failed, so it runs even when
   * the request's time is over ({@link Abortable}), within a second of its own.
   */
  withdraw(key: SessionKey): Promise<void>;
  /**
   * Writes the "revoked before" mark of a user, or of a browser. A later mark replaces an earlier one, never the other
   * way round.
   * @param owner the subject key, or the hash of a browser cookie
   * @param expiresAt until when the mark must be readable
   */
  markRevoked(owner: string, revokedBefore: number, expiresAt: number): Promise<void>;
  /** @returns the latest of the owners' marks, or undefined when there is none that has not expired at `now`. */
  readRevokedBefore(owners: readonly string[], now: number): Promise<number | undefined>;
  /** Deletes every session of the user, marks excepted, in bounded memory. @returns how many */
  deleteAll(subjectKey: string): Promise<number>;
  /**
   * Remembers a logout token's `jti` under its subject until `expiresAt`.
   * @returns false when it was known already and had not expired at `now`
   */
  rememberJti(subjectKey: string, jtiHash: string, now: number, expiresAt: number): Promise<boolean>;
}

/**
 * What is kept beside the documents, and read with them at no cost: the `kid` of the last ID token that was found valid.
 * No document tells which key of the JWKS is the one in use.
 */
export type SigningKeyName = 'id-token-key';

/** One document as it was last fetched and found valid. */
export interface ProviderDocument {
  readonly name: ProviderDocumentName | SigningKeyName;
  /** The JSON text; of the key its `kid`. */
  readonly body: string;
  readonly fetchedAt: number;
  /** When it should be fetched again; an older copy goes on being trusted until a refresh succeeds. */
  readonly freshUntil: number;
}

/** Who may trigger a direct refresh, each with a budget of its own. */
export type RefreshBudget = 'callback' | 'backchannel-logout';

/** The last good copy of each document. */
export interface ProviderDocumentStore {
  /** All documents in one consistent read. */
  readAll(): Promise<readonly ProviderDocument[]>;
  /** Replaces the document, unless the stored copy was fetched later. @returns false in that case */
  put(document: ProviderDocument): Promise<boolean>;
  /**
   * Claims the right to refresh a document directly. MUST be atomic: at most one claim per document and budget
   * succeeds within `intervalMilliseconds`, over all instances.
   */
  claimRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    now: number,
    intervalMilliseconds: number,
  ): Promise<boolean>;
  /** @returns when the right to refresh was last claimed; undefined when it never was */
  refreshClaimedAt(name: ProviderDocumentName, budget: RefreshBudget): Promise<number | undefined>;
  /**
   * Shortens the claim that was made at `claimedAt`, because its refresh failed: the next claim succeeds from `freeAt`
   * on. Changes nothing when there has been another claim since. It runs even when the request's time is over
   * ({@link Abortable}), within a second of its own: that may be why the refresh failed.
   */
  releaseRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    claimedAt: number,
    freeAt: number,
  ): Promise<void>;
}
