/**
 * What the core needs from the outside world. Each port has one class in `adapters/` and one in memory for tests. One
 * contract suite tests both (`test/contract`).
 *
 * All times are milliseconds since the epoch unless a name says `_seconds`. Every method rejects with a
 * {@link RelyingPartyError} (`dynamodb_unavailable`, `kms_unavailable`, `provider_unreachable`,
 * `provider_timed_out`) when the other side fails or does not respond in time.
 *
 * Whatever makes calls or waits is {@link Abortable}. A request uses it bound to its signal, see `with-signal.ts`.
 */

import type { LoginAttempt, RememberedAttempt } from './flow/login-attempt.ts';
import type { SealedPlace } from './flow/seal-place.ts';
import type { ProviderDocumentName, ProviderRequest, ProviderResponse } from './one-login/messages.ts';
import type { SealedSession, SessionKey } from './session/session.ts';

/**
 * A port whose calls end with a request. Once the signal is aborted, it begins no call, and a call that is under way rejects
 * with the signal's reason, a {@link RelyingPartyError}.
 */
export interface Abortable<Port> {
  withSignal(signal: AbortSignal): Port;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

/** Signs with a private key that can't be read. */
export interface Signer {
  /** The `kid` under which the public key is published. */
  readonly keyId: string;
  /** The JWS algorithm (RFC 7518, 3.1). */
  readonly algorithm: 'PS256';
  /** @returns the signature over `signingInput` (RFC 7515, 5.1: ASCII of header, dot, payload). */
  sign(signingInput: string): Promise<Uint8Array>;
}

/**
 * Sends requests to One Login: with a User-Agent (without one the provider responds with 403), with a limit of time and size,
 * over https (http for loopback only), without following redirects, and without retries.
 */
export interface ProviderClient {
  send(request: ProviderRequest): Promise<ProviderResponse>;
  /** Opens a connection for a request to this URL that is about to follow. A failure shows with that request. */
  connect?(url: string): void;
}

/**
 * The attempt of a callback's `state`. A part of it is kept after consumption, and is returned to another browser as well: tabs that began before the browser had its cookie each start again to
 * their own page.
 */
export type AttemptLookup =
  | { readonly kind: 'found'; readonly attempt: LoginAttempt }
  | ({ readonly kind: 'consumed' | 'expired' | 'other_browser' } & RememberedAttempt)
  | { readonly kind: 'unknown' };

/**
 * Attempts to sign in, from the redirect to One Login until the callback.
 *
 * - `consume` MUST be atomic: of any number of concurrent calls for one state at most one returns `found`.
 * - `read`, `markFailed` and `consume` from another browser change nothing.
 * - An expired attempt is never `found`, whether or not the store has removed it.
 * - What `consume` returned can't be read again, except when the client of DynamoDB repeats that call.
 */
export interface LoginAttemptStore {
  /** Stores a new attempt. Rejects when one with this state hash exists already. */
  put(attempt: LoginAttempt): Promise<void>;
  /**
   * Reads the attempt without changing it.
   * @param browserHashes of the browser's cookies, 1 to 50, see `cookies.ts`. One of them must be the attempt's
   */
  read(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup>;
  /**
   * Marks an open attempt as one that came back with an error. It changes nothing else.
   * @returns true for the first call, false for every later one and for an attempt that `read` does not find
   */
  markFailed(stateHash: string, browserHashes: readonly string[], now: number): Promise<boolean>;
  /** Consumes the attempt: the first call returns it, every later one returns `consumed`. */
  consume(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup>;
}

/**
 * The places where users left off to prove their identity, one for each user. No sign-out deletes them.
 *
 * - Reads are consistent.
 * - A place past its expiry is still returned by `read`: the core checks it.
 */
export interface PlaceStore {
  /** Replaces the user's earlier place. */
  put(place: SealedPlace): Promise<void>;
  read(key: string): Promise<SealedPlace | undefined>;
}

/**
 * Sessions, each in the partition of its user, and the marks that end them.
 *
 * - Reads are consistent: they include everything that was written or deleted before the call began.
 * - `extendIdle` MUST NOT restore a deleted session, and never changes the absolute expiry.
 * - A session past its absolute or idle expiry is still returned by `read`: the core checks both.
 */
export interface SessionStore {
  put(session: SealedSession): Promise<void>;
  read(key: SessionKey): Promise<SealedSession | undefined>;
  /** @returns false when the session was deleted */
  extendIdle(key: SessionKey, idleExpiresAt: number): Promise<boolean>;
  /**
   * Replaces the contents of a session that has not changed. MUST be atomic, and MUST NOT restore a deleted session.
   * @param contents a payload sealed for the same key and the same absolute expiry
   * @returns false when the session was deleted or has other contents
   */
  replaceContents(before: SealedSession, contents: Uint8Array): Promise<boolean>;
  /** Deletes one session. It is not an error when there is none. */
  delete(key: SessionKey): Promise<void>;
  /**
   * Deletes a session that must not be kept, because its request failed. It runs even when the request's time is over
   * ({@link Abortable}), within a second of its own.
   */
  withdraw(key: SessionKey): Promise<void>;
  /**
   * Writes the "revoked before" mark of a user or of a browser. A later mark replaces an earlier one, and never the
   * reverse.
   * @param owner the subject key, or the hash of a browser cookie
   * @param expiresAt until when the mark must be readable
   */
  markRevoked(owner: string, revokedBefore: number, expiresAt: number): Promise<void>;
  /** @returns the latest of the owners' marks that have not expired at `now` */
  readRevokedBefore(owners: readonly string[], now: number): Promise<number | undefined>;
  /** Deletes every session of the user, but no mark, in bounded memory. @returns how many */
  deleteAll(subjectKey: string): Promise<number>;
  /**
   * Stores the `jti` of a logout token until `expiresAt`.
   * @returns false when it is already stored and has not expired at `now`
   */
  rememberJti(subjectKey: string, jtiHash: string, now: number, expiresAt: number): Promise<boolean>;
}

/**
 * The `kid` of the last valid ID token, which is stored with the documents and read in the same call. No document contains
 * which key of the JWKS signs.
 */
export type SigningKeyName = 'id-token-key';

/** The last valid copy of a document. */
export interface ProviderDocument {
  readonly name: ProviderDocumentName | SigningKeyName;
  /** The JSON text, or the `kid` of the signing key. */
  readonly body: string;
  readonly fetchedAt: number;
  /** When it should be fetched again. An older copy is trusted until a refresh succeeds. */
  readonly freshUntil: number;
}

/** The functions that may refresh a document directly, each with a budget of its own. */
export type RefreshBudget = 'callback' | 'backchannel-logout';

/** The last valid copy of each document. */
export interface ProviderDocumentStore {
  /** All documents in one consistent read. */
  readAll(): Promise<readonly ProviderDocument[]>;
  /** Replaces the document. @returns false when the stored copy was fetched later, and is kept */
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
   * Shortens the claim of `claimedAt`, because its refresh failed: the next claim succeeds from `freeAt` on. Changes nothing
   * when there was another claim since. It runs even when the request's time is over ({@link Abortable}), within a second
   * of its own, because that may be why the refresh failed.
   */
  releaseRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    claimedAt: number,
    freeAt: number,
  ): Promise<void>;
}
