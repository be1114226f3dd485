import { describe, expect, test } from '@jest/globals';
import { type VectorOfTrust, vectorsOfTrust } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import type { SessionPayload } from '../../../lambdas/core/session/session.ts';
import { readVector } from '../../../lambdas/settings.ts';
import { eventFormats, proved, publicUrl, readEffect, startAuthorizer } from './support.ts';

const sessions: Readonly<Record<string, Partial<SessionPayload>>> = {
  Cl: { vot: 'Cl' },
  'Cl.Cm': { vot: 'Cl.Cm' },
  'Cl.Cm, not proved': {
    vot: 'Cl.Cm',
    identity: { outcome: 'not_proved', reason: 'absent', requestedAt: 0, claims: {} },
  },
  'Cl.Cm.P1': { vot: 'Cl.Cm', identity: proved('P1') },
  'Cl.Cm.P2': { vot: 'Cl.Cm', identity: proved('P2') },
  'P2 without second factor': { vot: 'Cl', identity: proved('P2') },
};

const yes = 'allowed';
const auth = 'insufficient_authentication';
const id = 'insufficient_identity';

const start = async (level: VectorOfTrust, session: Partial<SessionPayload> = {}, stepUp = 'login') => {
  const { authorizer, signIn } = startAuthorizer({ level, stepUp });
  return authorizer(eventFormats['REST API']({ headers: { Cookie: await signIn(session) } }));
};

/** The outcome of each session at each level. */
const table: Readonly<Record<string, readonly [string, string, string, string]>> = {
  Cl: [yes, auth, auth, auth],
  'Cl.Cm': [yes, yes, id, id],
  'Cl.Cm, not proved': [yes, yes, id, id],
  'Cl.Cm.P1': [yes, yes, yes, id],
  'Cl.Cm.P2': [yes, yes, yes, yes],
  'P2 without second factor': [yes, auth, auth, auth],
};

const cases = Object.entries(table).flatMap(([session, outcomes]) =>
  vectorsOfTrust.map((level, index) => [session, level, outcomes[index] ?? ''] as const),
);

describe('a session with', () => {
  test.each(cases)('%s, where the level is %s, is %s', async (session, level, outcome) => {
    const answer = await start(level, sessions[session]);

    expect(readEffect(answer)).toBe(outcome === yes ? 'Allow' : 'Deny');
    if (outcome !== yes) expect(answer.context).toMatchObject({ error: outcome });
  });
});

test('an authorizer does not start with an unknown level', () => {
  expect(vectorsOfTrust.map(readVector)).toEqual(vectorsOfTrust);
  expect(() => readVector('P2')).toThrow('a vector of trust');
});

describe('a denial', () => {
  // id: level-too-low-denied
  test.each<[VectorOfTrust, 'Cl' | 'Cl.Cm', string, string, string]>([
    ['Cl.Cm', 'Cl', auth, 'login?journey=two-factors', 'Sign in'],
    ['Cl.Cm.P2', 'Cl', auth, 'prove-identity', 'Sign in'],
    ['Cl.Cm.P2', 'Cl.Cm', id, 'prove-identity', 'Prove your identity'],
  ])(
    'where the level is %s and the session has %s links to the route that cures both',
    async (level, vot, error, stepUp, linkText) => {
      const url = `${publicUrl}/${stepUp}`;
      expect((await start(level, { vot }, stepUp)).context).toMatchObject({
        error,
        step_up_url: url,
        link_url: url,
        link_text: linkText,
      });
    },
  );

  test('that nothing cures links back to the service', async () => {
    const { authorizer } = startAuthorizer();

    expect((await authorizer(eventFormats['REST API']({ method: 'DELETE' }))).context).toMatchObject({
      error: 'cross_site_request',
      step_up_url: '',
      link_url: 'https://service.example/',
      link_text: 'Go to the service',
    });
  });

  test('contains nothing about the user, and nothing that a page or JSON would have to escape', async () => {
    const { authorizer } = startAuthorizer();
    const answers = [
      await start('Cl.Cm', { vot: 'Cl' }, 'login?journey=two-factors'),
      await start('Cl.Cm.P2'),
      await authorizer(eventFormats['REST API']({ method: 'POST' })),
    ];

    for (const { context } of answers) {
      const welsh = ['welsh_explanation', 'welsh_link_text'];
      const keys = ['error', 'explanation', 'link_text', 'link_url', 'step_up_url', ...welsh];
      expect(Object.keys(context ?? {}).sort()).toEqual(keys);
      for (const value of Object.values(context ?? {})) expect(value).toMatch(/^[\w .,:/?='-]*$/);
    }
  });
});
