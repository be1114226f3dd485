import { describe, expect, test } from '@jest/globals';
import {
  combineIdentities,
  type Journey,
  keepLevel,
  provesIdentity,
  readJourney,
  satisfiesJourney,
} from '../../../../lambdas/core/flow/journey.ts';
import { trustedAddress } from '../../../../lambdas/core/flow/return-to.ts';
import { identityClaimNames } from '../../../../lambdas/core/one-login/identity-claims.ts';
import type { VectorOfTrust } from '../../../../lambdas/core/one-login/vector-of-trust.ts';
import type { SessionIdentity, SessionPayload } from '../../../../lambdas/core/session/session.ts';

const { address, returnCode } = identityClaimNames;

const session: SessionPayload = {
  sub: 'somebody',
  vot: 'Cl',
  authTime: 1000,
  idToken: '',
  claims: {},
  language: 'en',
  signedInAt: 0,
};
const prove = (vot: 'P1' | 'P2', claims = {}): Extract<SessionIdentity, { outcome: 'proved' }> => ({
  outcome: 'proved',
  vot,
  names: [],
  birthDates: [],
  claims,
});
const ask = (...vtr: VectorOfTrust[]): Journey => ({ vtr, claims: [] });

describe('a session', () => {
  test('satisfies a journey that accepts its level or another one', () => {
    expect(satisfiesJourney(session, ask('Cl.Cm', 'Cl'), 0)).toBe(true);
    expect(satisfiesJourney(session, ask('Cl.Cm'), 0)).toBe(false);
  });

  test('satisfies a maximum age to the second', () => {
    const recent = { ...ask('Cl'), maxAge: 300 };
    expect(satisfiesJourney(session, recent, 1_300_000)).toBe(true);
    expect(satisfiesJourney(session, recent, 1_300_001)).toBe(false);
  });

  test('satisfies no maximum age when nobody knows when the user authenticated', () => {
    const { authTime: _, ...withoutTime } = session;
    expect(satisfiesJourney(withoutTime, { ...ask('Cl'), maxAge: 300 }, 0)).toBe(false);
    expect(satisfiesJourney(withoutTime, ask('Cl'), 0)).toBe(true);
  });
});

describe('a proved identity', () => {
  test('is enough for a journey that accepts its level or another one', () => {
    expect(provesIdentity(prove('P1'), ask('Cl.Cm.P1', 'Cl.Cm.P2'))).toBe(true);
    expect(provesIdentity(prove('P1'), ask('Cl.Cm.P2'))).toBe(false);
  });

  test('keeps its claims when it is proved again at its level, although it has no list of what was requested', () => {
    const before = prove('P1', { [address]: [{}] });
    const after = prove('P1');
    expect(combineIdentities(before, after, ask('Cl.Cm.P1'))).toEqual({ ...before, requestedClaims: [] });
  });

  test('is replaced when a request fails that accepts its level or another one', () => {
    const failed: SessionIdentity = {
      outcome: 'not_proved',
      reason: 'absent',
      requestedAt: 1,
      claims: { [returnCode]: [{ code: 'B' }] },
    };
    expect(combineIdentities(prove('P1'), failed, ask('Cl.Cm.P2', 'Cl.Cm.P1'))).toBe(failed);
    const before = prove('P1', { [address]: [{}], [returnCode]: [{ code: 'A' }] });
    expect(combineIdentities(before, failed, ask('Cl.Cm.P2'))).toEqual({
      ...before,
      claims: { [address]: [{}], [returnCode]: [{ code: 'B' }] },
    });
    expect(combineIdentities(before, { ...failed, claims: {} }, ask('Cl.Cm.P2'))).toEqual({
      ...before,
      claims: { [address]: [{}] },
    });
  });
});

describe('the level that is asked for', () => {
  const reached = (vot: 'Cl' | 'Cl.Cm', identity?: SessionIdentity) => ({
    vot,
    ...(identity && { identity }),
  });

  test.each<[string, VectorOfTrust[], Parameters<typeof keepLevel>[1], VectorOfTrust[]]>([
    ['is that of the journey without a session', ['Cl'], undefined, ['Cl']],
    ['keeps a vector that the session has reached exactly', ['Cl', 'Cl.Cm'], reached('Cl.Cm'), ['Cl.Cm']],
    ['keeps that vector beside a higher one', ['Cl', 'Cl.Cm'], reached('Cl'), ['Cl', 'Cl.Cm']],
    ['is that of the session if the journey asks for less', ['Cl'], reached('Cl.Cm'), ['Cl.Cm']],
    ['is that of the journey if the session has less', ['Cl.Cm'], reached('Cl'), ['Cl.Cm']],
    ['is that of the journey without an identity', ['Cl.Cm.P1'], reached('Cl.Cm'), ['Cl.Cm.P1']],
    ['is that of a proved identity', ['Cl.Cm.P1'], reached('Cl', prove('P2')), ['Cl.Cm.P2']],
  ])('%s', (_, vtr, current, expected) => {
    expect(keepLevel(vtr, current)).toEqual(expected);
  });
});

describe('what an attempt requested', () => {
  const attempt = { purpose: 'login', returnTo: trustedAddress('/'), language: 'en', vtr: ['Cl'] } as const;

  test('has the name and the claims of its journey, if it has one', () => {
    expect(readJourney(attempt)).toStrictEqual({ vtr: ['Cl'], claims: [] });
    expect(readJourney({ ...attempt, journey: 'strong', requestedClaims: [address] })).toStrictEqual({
      name: 'strong',
      vtr: ['Cl'],
      claims: [address],
    });
  });
});
