import { describe, expect, test } from '@jest/globals';
import { vectorsOfTrust } from '../../../lambdas/core/one-login/vector-of-trust.ts';
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

/** What each session gets at each level. */
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
  test.each(cases)('%s, where %s is asked for: %s', async (session, level, outcome) => {
    const { authorizer, signIn } = startAuthorizer({ level });
    const answer = await authorizer(
      eventFormats['REST API']({ headers: { Cookie: await signIn(sessions[session] ?? {}) } }),
    );

    expect(readEffect(answer)).toBe(outcome === yes ? 'Allow' : 'Deny');
    if (outcome !== yes) expect(answer.context).toMatchObject({ error: outcome });
  });
});

test('a function with a level that is none does not start', () => {
  expect(vectorsOfTrust.map(readVector)).toEqual(vectorsOfTrust);
  expect(() => readVector('P2')).toThrow('a vector of trust');
});

describe('a denial', () => {
  async function denialAt(level: 'Cl.Cm' | 'Cl.Cm.P1' | 'Cl.Cm.P2', session: Partial<SessionPayload>) {
    const { authorizer, signIn } = startAuthorizer({ level });
    const answer = await authorizer(eventFormats['REST API']({ headers: { Cookie: await signIn(session) } }));
    return answer.context;
  }

  test('for want of a second factor leads to sign-in', async () => {
    expect(await denialAt('Cl.Cm', { vot: 'Cl' })).toMatchObject({
      error: 'insufficient_authentication',
      step_up_url: `${publicUrl}/login`,
      link_url: `${publicUrl}/login`,
    });
  });

  test.each([{ vot: 'Cl' }, { vot: 'Cl.Cm' }] as const)(
    'where identity is asked for leads to proving it, which asks for both factors as well: %j',
    async (session) => {
      expect(await denialAt('Cl.Cm.P2', session)).toMatchObject({
        step_up_url: `${publicUrl}/prove-identity`,
        link_url: `${publicUrl}/prove-identity`,
      });
    },
  );

  test('that nothing cures leads back to the service', async () => {
    const { authorizer } = startAuthorizer();

    expect((await authorizer(eventFormats['REST API']({ method: 'DELETE' }))).context).toMatchObject({
      error: 'cross_site_request',
      step_up_url: '',
      link_url: 'https://service.example/',
    });
  });

  test('says nothing of the user, and holds nothing that a page or JSON would have to escape', async () => {
    const { authorizer } = startAuthorizer();
    const contexts = [
      await denialAt('Cl.Cm', { vot: 'Cl' }),
      await denialAt('Cl.Cm.P2', {}),
      (await authorizer(eventFormats['REST API']({ method: 'POST' }))).context,
    ];

    for (const context of contexts) {
      const welsh = ['welsh_explanation', 'welsh_link_text'];
      const keys = ['error', 'explanation', 'link_text', 'link_url', 'step_up_url', ...welsh];
      expect(Object.keys(context ?? {}).sort()).toEqual(keys);
      for (const value of Object.values(context ?? {})) expect(value).toMatch(/^[\w .,:/'-]*$/);
    }
  });
});
