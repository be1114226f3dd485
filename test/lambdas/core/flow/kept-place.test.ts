import { describe, expect, test } from '@jest/globals';
import { keepPlace, readPlace } from '../../../../lambdas/core/flow/kept-place.ts';
import { derivePlaceKey } from '../../../../lambdas/core/flow/seal-place.ts';
import { deriveSubjectKey } from '../../../../lambdas/core/session/session-key.ts';
import { MemoryPlaceStore } from '../../../support/memory/place-store.ts';
import { TestClock } from '../../../support/test-clock.ts';

describe('the kept place of a user', () => {
  test('is absent for another user, and for another service', async () => {
    const shared = { places: new MemoryPlaceStore(), clock: new TestClock() };
    const service = { ...shared, settings: { clientId: 'client' } };
    await keepPlace(service, 'user', { journey: 'strong' });
    expect(await readPlace(service, 'user')).toEqual({ journey: 'strong' });
    expect(await readPlace(service, 'another')).toBeUndefined();
    expect(await readPlace({ ...shared, settings: { clientId: 'another' } }, 'user')).toBeUndefined();
  });

  test('has a key that does not lead to their sessions', () => {
    const key = derivePlaceKey({ clientId: 'client', sub: 'user' });
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(key).not.toBe(deriveSubjectKey('client', 'user'));
  });
});
