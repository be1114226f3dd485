import type { Abortable, SessionStore } from '../../../lambdas/core/ports.ts';
import type { SealedSession, SessionKey } from '../../../lambdas/core/session/session.ts';
import { untilAborted } from './until-aborted.ts';

interface Partition {
  readonly sessions: Map<string, SealedSession>;
  readonly jtis: Map<string, number>;
  mark?: { readonly revokedBefore: number; readonly expiresAt: number };
}

/** Sessions in this process's memory, for tests. */
export class MemorySessionStore implements SessionStore, Abortable<SessionStore> {
  readonly #partitions = new Map<string, Partition>();

  withSignal(signal: AbortSignal): SessionStore {
    return untilAborted(this, signal);
  }

  async put(session: SealedSession): Promise<void> {
    this.#partition(session.key.subjectKey).sessions.set(session.key.tokenHash, session);
  }

  async read(key: SessionKey): Promise<SealedSession | undefined> {
    return this.#partition(key.subjectKey).sessions.get(key.tokenHash);
  }

  async extendIdle(key: SessionKey, idleExpiresAt: number): Promise<boolean> {
    const { sessions } = this.#partition(key.subjectKey);
    const session = sessions.get(key.tokenHash);
    if (session === undefined) return false;
    sessions.set(key.tokenHash, { ...session, idleExpiresAt });
    return true;
  }

  async replaceContents({ key, sealedPayload }: SealedSession, contents: Uint8Array): Promise<boolean> {
    const { sessions } = this.#partition(key.subjectKey);
    const session = sessions.get(key.tokenHash);
    if (session === undefined || Buffer.compare(session.sealedPayload, sealedPayload) !== 0) return false;
    sessions.set(key.tokenHash, { ...session, sealedPayload: contents });
    return true;
  }

  async delete(key: SessionKey): Promise<void> {
    this.#partition(key.subjectKey).sessions.delete(key.tokenHash);
  }

  async withdraw(key: SessionKey): Promise<void> {
    this.#partition(key.subjectKey).sessions.delete(key.tokenHash);
  }

  async markRevoked(owner: string, revokedBefore: number, expiresAt: number): Promise<void> {
    const partition = this.#partition(owner);
    if (partition.mark !== undefined && partition.mark.revokedBefore > revokedBefore) return;
    partition.mark = { revokedBefore, expiresAt };
  }

  async readRevokedBefore(owners: readonly string[], now: number): Promise<number | undefined> {
    const marks = owners.flatMap((owner) => this.#partition(owner).mark ?? []);
    const times = marks.filter(({ expiresAt }) => expiresAt > now).map(({ revokedBefore }) => revokedBefore);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  async deleteAll(subjectKey: string): Promise<number> {
    const { sessions } = this.#partition(subjectKey);
    const deleted = sessions.size;
    sessions.clear();
    return deleted;
  }

  async rememberJti(subjectKey: string, jtiHash: string, now: number, expiresAt: number): Promise<boolean> {
    const { jtis } = this.#partition(subjectKey);
    const knownUntil = jtis.get(jtiHash);
    if (knownUntil !== undefined && knownUntil > now) return false;
    jtis.set(jtiHash, expiresAt);
    return true;
  }

  #partition(subjectKey: string): Partition {
    const existing = this.#partitions.get(subjectKey);
    if (existing !== undefined) return existing;
    const created: Partition = { sessions: new Map(), jtis: new Map() };
    this.#partitions.set(subjectKey, created);
    return created;
  }
}
