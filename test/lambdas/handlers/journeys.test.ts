import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConfiguredJourney, provesIdentity } from '../../../lambdas/core/flow/journey.ts';
import { trustedAddress } from '../../../lambdas/core/flow/return-to.ts';
import { identityClaimNames } from '../../../lambdas/core/one-login/identity-claims.ts';
import { readLocation } from '../../support/browser.ts';
import { sessionCookieName } from '../../support/cookie-names.ts';
import { issuer } from '../../support/provider-documents.ts';
import { publicUrl, readRequestObject, somebodyElse } from '../../support/relying-party.ts';
import { browser, changeBrowser, rp, start } from './relying-party.ts';

const { coreIdentityJwt, address, passport, returnCode } = identityClaimNames;

/** Each journey of the config, and the route that it belongs to. */
const journeys = {
  strong: ['login', { vtr: ['Cl.Cm'] }],
  recent: ['login', { vtr: ['Cl'], maxAge: 300 }],
  medium: ['prove-identity', { vtr: ['Cl.Cm.P2'], notProvedUrl: trustedAddress('/not-medium') }],
  passport: ['prove-identity', { vtr: ['Cl.Cm.P1'], claims: [coreIdentityJwt, passport] }],
} as const satisfies Record<string, readonly ['login' | 'prove-identity', ConfiguredJourney]>;
type Name = keyof typeof journeys;

const settings = {
  vtr: ['Cl'],
  maxAge: 3600,
  identityVtr: ['Cl.Cm.P1'],
  claims: [coreIdentityJwt, address, returnCode],
  notProvedUrl: '/not-proved',
} as const;
let configured: Map<string, ConfiguredJourney>;

/** The values that decide how much a request requires, as the request object has them. */
const asked = {
  none: { vtr: ['Cl'], max_age: 3600 },
  strong: { vtr: ['Cl.Cm'], max_age: 3600 },
  recent: { vtr: ['Cl'], max_age: 300 },
  identity: { vtr: ['Cl.Cm.P1'], max_age: 3600, claims: [coreIdentityJwt, address, returnCode] },
  medium: { vtr: ['Cl.Cm.P2'], max_age: 3600, claims: [coreIdentityJwt, address, returnCode] },
  passport: { vtr: ['Cl.Cm.P1'], max_age: 3600, claims: [coreIdentityJwt, passport] },
} as const;

beforeEach(() => {
  configured = new Map(Object.entries(journeys).map(([name, [, journey]]) => [name, journey]));
  return start({ ...settings, journeys: configured });
});

async function readAsked(path: string) {
  const { vtr, max_age, claims } = readRequestObject(await browser.request(path));
  const userinfo = claims === undefined ? {} : { claims: Object.keys(JSON.parse(claims).userinfo) };
  return { vtr, max_age, ...userinfo };
}

/** Proves the identity at a level, as One Login does for this request. */
async function prove(vot: 'P1' | 'P2', query = '') {
  rp.provider.coreIdentity = { ...rp.provider.coreIdentity, vot };
  return rp.complete(browser, '/auth/prove-identity', query);
}
const reach = (vot: 'Cl' | 'Cl.Cm') => {
  rp.provider.changeIdToken = (claims) => ({ ...claims, vot });
};
const readIdentity = async () => (await rp.userinfo(browser)).body['identity'];
const isSentOn = async (path: string) => readLocation(await browser.request(path)).startsWith(issuer);

const readLinks = ({ body }: { readonly body: string }) =>
  [...body.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link.replaceAll('&#38;', '&'));

describe('a journey', () => {
  test.each<[string, keyof typeof asked]>([
    ['/auth/login', 'none'],
    ['/auth/login?journey=strong', 'strong'],
    ['/auth/login?journey=recent', 'recent'],
    ['/auth/reauthenticate', 'none'],
    ['/auth/reauthenticate?journey=strong', 'strong'],
    ['/auth/prove-identity', 'identity'],
    ['/auth/prove-identity?journey=medium', 'medium'],
    ['/auth/prove-identity?journey=passport', 'passport'],
    ['/auth/in-person-return?journey=recent', 'none'],
  ])('at %s requests what the config has', async (path, expected) => {
    expect(await readAsked(path)).toEqual(asked[expected]);
  });

  test.each([
    '/auth/login?journey=weak',
    '/auth/login?journey=',
    '/auth/login?journey=medium',
    '/auth/login?journey=strong&journey=recent',
    '/auth/login?journey=strong&journey=strong',
    '/auth/reauthenticate?journey=medium',
    '/auth/prove-identity?journey=strong',
    '/auth/prove-identity?journey=constructor',
  ])('is not found at %s, and the user is not sent to One Login', async (path) => {
    const response = await browser.request(path);
    expect([response.statusCode, rp.refusals()]).toEqual([404, ['journey_unknown']]);
  });

  test('needs no request to One Login when the session has what it requires', async () => {
    await prove('P2', '?journey=medium');
    expect(await isSentOn('/auth/login?journey=strong')).toBe(false);
    expect(await isSentOn('/auth/login?journey=recent')).toBe(false);
    expect(await isSentOn('/auth/prove-identity')).toBe(false);
    expect(await isSentOn('/auth/prove-identity?journey=medium')).toBe(false);
    expect(await isSentOn('/auth/prove-identity?journey=passport')).toBe(true);
    rp.clock.advance(301_000);
    expect(await isSentOn('/auth/login?journey=strong')).toBe(false);
    expect(await isSentOn('/auth/login?journey=recent')).toBe(true);
  });

  test('steps a session up from one factor to two', async () => {
    reach('Cl');
    await rp.signIn(browser);
    expect(await isSentOn('/auth/login')).toBe(false);
    reach('Cl.Cm');
    const query = '?journey=strong&return_to=/pay';
    expect(readLocation(await rp.complete(browser, '/auth/login', query))).toBe('/pay');
    expect((await rp.userinfo(browser)).body).toMatchObject({ vot: 'Cl.Cm' });
  });

  test('makes no session when One Login returns less than it requires', async () => {
    reach('Cl');
    const answer = await rp.complete(browser, '/auth/login', '?journey=strong');
    expect([answer.statusCode, rp.refusals()]).toEqual([502, ['id_token_vot_insufficient']]);
    expect(browser.cookies.has(sessionCookieName)).toBe(false);
  });

  test('is repeated by its name when the authentication is too old', async () => {
    rp.provider.changeIdToken = (claims) => ({ ...claims, auth_time: Number(claims['iat']) - 400 });
    const answer = await rp.complete(browser, '/auth/login', '?journey=recent&return_to=/pay');
    const query = 'journey=recent&return_to=%2Fpay&lang=en&repeat=max_age';
    expect(readLocation(answer)).toBe(`${publicUrl}/login?${query}`);
  });

  test('is kept by "start again" and by the other language of the page', async () => {
    const { state } = await rp.begin(browser, '?journey=strong&return_to=/pay');
    const page = await rp.callback(browser, { error: 'access_denied', state });
    const restart = `${publicUrl}/login?journey=strong&return_to=%2Fpay&lang=`;
    expect(readLinks(page)).toContain(`${restart}en`);
    const other = readLinks(page).find((link) => link.includes('/auth/message?')) ?? '';
    const welsh = await browser.request(other.replace(/^.*(?=\/auth)/, ''));
    expect(readLinks(welsh)).toContain(`${restart}cy`);
  });

  test('goes on after an in-person check, unless the config no longer has it', async () => {
    await rp.signIn(browser);
    const continueAt = '/auth/in-person-return?step=continue&lang=en';
    await browser.request('/auth/prove-identity?journey=medium&return_to=/apply');
    const restart = `${publicUrl}/prove-identity?journey=medium&return_to=%2Fapply&lang=en`;
    expect(readLinks(await browser.request(continueAt))).toContain(restart);
    configured.set('medium', { vtr: ['Cl.Cm'] });
    expect(readLinks(await browser.request(continueAt))).toContain(restart.replace('journey=medium&', ''));
    configured.delete('medium');
    expect(readLinks(await browser.request(continueAt))).toContain(restart.replace('journey=medium&', ''));
  });

  test('that the config does not have is left out of the links of a message page', async () => {
    const query = 'page=denied&reference=8c1c6b1c&purpose=login&journey=weak&return_to=/pay&lang=en';
    const links = readLinks(await browser.request(`/auth/message?${query}`));
    expect(links).toContain(`${publicUrl}/login?return_to=%2Fpay&lang=en`);
  });
});

describe('the level of a session', () => {
  test.each(['login?journey=recent', 'reauthenticate'])(
    'is requested again at %s, so that signing in again does not lower it',
    async (route) => {
      reach('Cl.Cm');
      await rp.signIn(browser);
      rp.clock.advance(301_000);
      expect(await readAsked(`/auth/${route}`)).toMatchObject({ vtr: ['Cl.Cm'] });
    },
  );
});

describe('a proved identity', () => {
  test('is described with its level and the claims that were requested', async () => {
    rp.provider.userinfo = { [passport]: [{ documentNumber: '1' }] };
    await prove('P1', '?journey=passport');
    expect(await readIdentity()).toMatchObject({
      outcome: 'proved',
      vot: 'P1',
      claims: [coreIdentityJwt, passport],
    });
  });

  test('is kept when the same user signs in for another journey', async () => {
    await prove('P2', '?journey=medium');
    rp.clock.advance(301_000);
    await rp.complete(browser, '/auth/login', '?journey=recent');
    expect(await readIdentity()).toMatchObject({ outcome: 'proved', vot: 'P2' });
  });

  test('is not enough for a journey when an older tab has signed the user in with one factor', async () => {
    const older = await rp.begin(browser);
    reach('Cl.Cm');
    await prove('P2', '?journey=medium');
    reach('Cl');
    await rp.callback(browser, older);
    expect((await rp.userinfo(browser)).body).toMatchObject({ vot: 'Cl', identity: { vot: 'P2' } });
    expect(await isSentOn('/auth/prove-identity?journey=medium')).toBe(true);
  });

  test('is not kept when the user comes back from an in-person check, whose result follows', async () => {
    await prove('P1');
    await rp.complete(browser, '/auth/in-person-return');
    expect(await readIdentity()).toMatchObject({ outcome: 'not_requested' });
  });

  test('is not kept for another user', async () => {
    await prove('P2', '?journey=medium');
    rp.clock.advance(301_000);
    rp.provider.sub = somebodyElse;
    await rp.complete(browser, '/auth/login', '?journey=recent');
    expect(await readIdentity()).toMatchObject({ outcome: 'not_requested' });
  });

  test('gains the claims of a journey with a lower level, which requests the level that the session has', async () => {
    rp.provider.userinfo = { [address]: [{ postalCode: 'SW1A 2AA' }], [returnCode]: [{ code: 'A' }] };
    await prove('P2', '?journey=medium');
    expect(await readAsked('/auth/prove-identity?journey=passport')).toMatchObject({ vtr: ['Cl.Cm.P2'] });
    rp.provider.userinfo = { [passport]: [{ documentNumber: '1' }] };
    await prove('P2', '?journey=passport');
    const { body } = await rp.userinfo(browser);
    expect(body).toMatchObject({
      [address]: [{ postalCode: 'SW1A 2AA' }],
      [passport]: [{ documentNumber: '1' }],
      identity: {
        outcome: 'proved',
        vot: 'P2',
        claims: [coreIdentityJwt, address, returnCode, passport],
        return_codes: [],
      },
    });
    expect(await isSentOn('/auth/prove-identity?journey=medium')).toBe(false);
    expect(await isSentOn('/auth/prove-identity?journey=passport')).toBe(false);
  });

  test('is requested as the config has it when the service has no journeys', async () => {
    configured.clear();
    await prove('P2');
    rp.clock.advance(1_801_000);
    await rp.userinfo(browser);
    rp.clock.advance(1_801_000);
    expect(await readAsked('/auth/prove-identity')).toEqual(asked.identity);
    expect((await rp.userinfo(browser)).status).toBe(200);
  });

  test('has no claims from another level', async () => {
    rp.provider.userinfo = { [passport]: [{ documentNumber: '1' }] };
    await rp.signIn(browser);
    const older = await rp.begin(browser, '?journey=passport', '/auth/prove-identity');
    await prove('P1', '?journey=passport');
    rp.provider.userinfo = { [address]: [{ postalCode: 'SW1A 2AA' }] };
    await prove('P2', '?journey=medium');
    const p2 = {
      [address]: [{ postalCode: 'SW1A 2AA' }],
      identity: { vot: 'P2', claims: [coreIdentityJwt, address, returnCode] },
    };
    const raised = (await rp.userinfo(browser)).body;
    expect(raised).toMatchObject(p2);
    expect(raised).not.toHaveProperty([passport]);
    rp.provider.userinfo = { [passport]: [{ documentNumber: '1' }] };
    rp.provider.coreIdentity = { ...rp.provider.coreIdentity, vot: 'P1' };
    await rp.callback(browser, older);
    const kept = (await rp.userinfo(browser)).body;
    expect(kept).toMatchObject(p2);
    expect(kept).not.toHaveProperty([passport]);
  });

  test('loses a claim that One Login no longer returns', async () => {
    await rp.signIn(browser);
    const again = await rp.begin(browser, '', '/auth/prove-identity');
    rp.provider.userinfo = { [address]: [{ postalCode: 'SW1A 2AA' }] };
    await prove('P1');
    expect((await rp.userinfo(browser)).body).toHaveProperty([address]);
    rp.provider.userinfo = {};
    await rp.callback(browser, again);
    expect((await rp.userinfo(browser)).body).not.toHaveProperty([address]);
    expect(await readIdentity()).toMatchObject({ claims: [coreIdentityJwt, address, returnCode] });
  });

  test('is lost when One Login does not return it again at its level with other claims', async () => {
    await prove('P1');
    rp.provider.coreIdentity = undefined;
    await rp.complete(browser, '/auth/prove-identity', '?journey=passport');
    expect(await readIdentity()).toMatchObject({ outcome: 'not_proved' });
  });

  test('is raised by a journey with a higher level', async () => {
    await prove('P1');
    await prove('P2', '?journey=medium');
    expect(await readIdentity()).toMatchObject({ outcome: 'proved', vot: 'P2' });
  });

  test.each<[string, () => Promise<string>]>([
    [
      'without an identity',
      async () => {
        rp.provider.coreIdentity = undefined;
        rp.provider.userinfo = { [returnCode]: [{ code: 'F' }] };
        return readLocation(await rp.complete(browser, '/auth/prove-identity', '?journey=medium'));
      },
    ],
    [
      'and access_denied of a journey without return codes',
      async () => {
        const { state } = await rp.begin(browser, '?journey=passport', '/auth/prove-identity');
        return readLocation(await rp.callback(browser, { error: 'access_denied', state }));
      },
    ],
  ])('stays proved when One Login responds to a request for more %s', async (_, fail) => {
    await prove('P1');
    expect(['/not-medium', '/not-proved']).toContain(await fail());
    expect(await readIdentity()).toMatchObject({ outcome: 'proved', vot: 'P1' });
  });

  test('leads to the page for users who could not prove it when a reload repeats a failed journey', async () => {
    await prove('P1');
    rp.provider.coreIdentity = undefined;
    const response = await rp.begin(browser, '?journey=medium&return_to=/apply', '/auth/prove-identity');
    expect(readLocation(await rp.callback(browser, response))).toBe('/not-medium');
    expect(readLocation(await rp.callback(browser, response))).toBe('/not-medium');
  });

  test('leads to the page of the whole service when the config no longer has the journey', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(browser, '?journey=medium', '/auth/prove-identity');
    configured.delete('medium');
    rp.provider.coreIdentity = undefined;
    expect(readLocation(await rp.callback(browser, response))).toBe('/not-proved');
  });

  test('does not lead there when a journey was begun and not finished in time', async () => {
    await rp.signIn(browser);
    const response = await rp.begin(browser, '?journey=medium&return_to=/apply', '/auth/prove-identity');
    await prove('P1');
    for (const _ of [1, 2, 3]) {
      rp.clock.advance(45 * 60_000);
      await rp.userinfo(browser);
    }
    expect(readLocation(await rp.callback(browser, response))).toBe('/apply');
  });

  test('is not kept at the next sign-in when the service has no journeys', async () => {
    configured.clear();
    const signIn = await rp.begin(browser);
    await prove('P1');
    await rp.callback(browser, signIn);
    expect(await readIdentity()).toMatchObject({ outcome: 'not_requested' });
  });

  test('is replaced when the same request fails afterwards', async () => {
    await rp.signIn(browser);
    const again = await rp.begin(browser, '', '/auth/prove-identity');
    await prove('P1');
    rp.provider.coreIdentity = undefined;
    await rp.callback(browser, again);
    expect(await readIdentity()).toMatchObject({ outcome: 'not_proved' });
  });

  test('of a session from before the journeys counts for the route without a name only', () => {
    const identity = { outcome: 'proved', vot: 'P2', names: [], birthDates: [], claims: {} } as const;
    const request = { vtr: ['Cl.Cm.P1'], claims: [coreIdentityJwt] } as const;
    expect(provesIdentity(identity, request)).toBe(true);
    expect(provesIdentity(identity, { ...request, name: 'passport' })).toBe(false);
  });
});

describe('no parameter of a URL', () => {
  const routes = ['login', 'reauthenticate', 'prove-identity', 'in-person-return'] as const;
  const names = [
    'vtr',
    'max_age',
    'claims',
    'scope',
    'prompt',
    'repeat',
    'acr_values',
    'lang',
    'level',
    'Journey',
  ];
  const values = ['Cl', '["Cl"]', 'Cl.Cm.P1', '0', '999999', '{}', 'max_age', 'cy', passport, 'openid', ''];
  const parameter = fc.oneof(
    fc.tuple(fc.constantFrom(...names), fc.oneof(fc.constantFrom(...values), fc.string())),
    fc.tuple(fc.constant('journey'), fc.oneof(fc.constantFrom('', ...Object.keys(journeys)), fc.string())),
  );
  const request = fc.record({
    route: fc.constantFrom(...routes),
    query: fc.array(parameter, { maxLength: 6 }),
  });

  test('changes what a journey requests, lowers its level, widens its claims or lengthens its age', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ route, query }) => {
        changeBrowser();
        const path = `/auth/${route}?${new URLSearchParams(query)}`;
        const chosen = query.flatMap(([name, value]) => (name === 'journey' ? value : []));
        const response = await browser.request(path);
        if (response.statusCode === 404) return expect(chosen).not.toEqual([]);
        const expected = findExpected(route, chosen);
        return expect(await readAsked(path)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  function findExpected(route: (typeof routes)[number], [name, another]: readonly string[]) {
    const unnamed = route === 'prove-identity' ? asked.identity : asked.none;
    if (name === undefined || route === 'in-person-return') return unnamed;
    const owner = route === 'reauthenticate' ? 'login' : route;
    const isKnown = Object.hasOwn(journeys, name) && journeys[name as Name][0] === owner;
    return another === undefined && isKnown ? asked[name as Name] : 'not found';
  }
});
