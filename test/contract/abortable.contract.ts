import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { RelyingPartyError } from '../../lambdas/core/errors.ts';
import type {
  Abortable,
  LoginAttemptStore,
  PlaceStore,
  ProviderDocumentStore,
  SessionStore,
} from '../../lambdas/core/ports.ts';
import { someAttempt } from './login-attempt-store.contract.ts';
import { somePlace } from './place-store.contract.ts';
import { someSession } from './session-store.contract.ts';

const now = 1_790_000_000_123;
const reason = new RelyingPartyError('deadline_exceeded', 'over');
const aborted = AbortSignal.abort(reason);

export interface Stores {
  readonly attempts: LoginAttemptStore & Abortable<LoginAttemptStore>;
  readonly sessions: SessionStore & Abortable<SessionStore>;
  readonly places: PlaceStore & Abortable<PlaceStore>;
  readonly documents: ProviderDocumentStore & Abortable<ProviderDocumentStore>;
}

/** The contract of every store that is bound to the signal of a request, see `ports.ts`. */
export function describeAbortableStores(name: string, getStores: () => Stores): void {
  describe(`${name} whose request is over`, () => {
    test('consumes no attempt and stores none', async () => {
      const { attempts } = getStores();
      const [stored, late] = [someAttempt(), someAttempt()];
      await attempts.put(stored);
      const bound = attempts.withSignal(aborted);
      await expect(bound.put(late)).rejects.toBe(reason);
      await expect(bound.read(stored.stateHash, ['browser'], now)).rejects.toBe(reason);
      await expect(bound.consume(stored.stateHash, ['browser'], now)).rejects.toBe(reason);
      expect(await attempts.read(late.stateHash, ['browser'], now)).toEqual({ kind: 'unknown' });
      expect(await attempts.consume(stored.stateHash, ['browser'], now)).toMatchObject({ kind: 'found' });
    });

    test('changes no session, but still withdraws one', async () => {
      const { sessions } = getStores();
      const subject = randomUUID();
      const [stored, late] = [someSession(subject), someSession(subject)];
      await sessions.put(stored);
      const bound = sessions.withSignal(aborted);
      const calls = await Promise.allSettled([
        bound.put(late),
        bound.read(stored.key),
        bound.extendIdle(stored.key, 1),
        bound.delete(stored.key),
        bound.markRevoked(subject, now, now + 1),
        bound.readRevokedBefore([subject], now),
        bound.deleteAll(subject),
        bound.rememberJti(subject, 'jti', now, now + 1),
      ]);
      expect(calls).toEqual(calls.map(() => ({ status: 'rejected', reason })));
      expect(await sessions.read(late.key)).toBeUndefined();
      expect(await sessions.read(stored.key)).toMatchObject({ idleExpiresAt: stored.idleExpiresAt });
      expect(await sessions.readRevokedBefore([subject], now)).toBeUndefined();
      expect(await sessions.rememberJti(subject, 'jti', now, now + 1)).toBe(true);
      await bound.withdraw(stored.key);
      expect(await sessions.read(stored.key)).toBeUndefined();
    });

    test('keeps no place and reads none', async () => {
      const { places } = getStores();
      const place = somePlace();
      const bound = places.withSignal(aborted);
      await expect(bound.put(place)).rejects.toBe(reason);
      await expect(bound.read(place.key)).rejects.toBe(reason);
      expect(await places.read(place.key)).toBeUndefined();
    });

    test('changes no document and claims no refresh, but still releases one', async () => {
      const { documents } = getStores();
      const bound = documents.withSignal(aborted);
      const document = { name: 'jwks', body: '{}', fetchedAt: now, freshUntil: now } as const;
      await expect(bound.put(document)).rejects.toBe(reason);
      await expect(bound.readAll()).rejects.toBe(reason);
      await expect(bound.claimRefresh('did', 'callback', now, 1)).rejects.toBe(reason);
      await expect(bound.refreshClaimedAt('did', 'callback')).rejects.toBe(reason);
      expect(await documents.readAll()).toEqual([]);
      expect(await documents.refreshClaimedAt('did', 'callback')).toBeUndefined();
      await documents.claimRefresh('did', 'callback', now, 30_000);
      await bound.releaseRefresh('did', 'callback', now, now + 1);
      expect(await documents.claimRefresh('did', 'callback', now + 1, 1)).toBe(true);
    });
  });
}
