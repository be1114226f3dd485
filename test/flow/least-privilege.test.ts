import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadLocalConfig } from '../../local/local-config.ts';
import { prepareRoutes, routeNames } from '../support/all-routes.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const startWithKeys = (states: Readonly<Record<string, 'publish' | 'sign' | 'retire'>>) => {
  const signingKeys = Object.entries(states).map(([name, state]) => ({ name, state }));
  return useService({ config: { ...loadLocalConfig(), signingKeys } });
};
const service = await startWithKeys({ old: 'retire', current: 'sign', next: 'publish' });
/** The same deployment after the switch to the next key. */
const switched = await startWithKeys({ old: 'retire', current: 'publish', next: 'sign' });

beforeAll(async () => {
  await visitEverything();
  await switched.signIn(new WebBrowser());
}, 120_000);

/** Every route; then what only some requests lead to. */
async function visitEverything(): Promise<void> {
  const routes = await prepareRoutes(service);
  for (const route of routeNames) await routes.ask(route);
  await service.standIn.backchannelLogoutsSettled();
  await signOutElsewhere();
  await stepUp();
  await interruptStepUp();
  await comeBackFromPostOffice();
  await loadTwice();
  await useAfterAWhile();
  await meetUnknownKeys();
  await until('the audit trail has lines', () => service.auditTrail.length > 0);
}

/** One Login notifies the service of a sign-out of a user who has sessions. */
async function signOutElsewhere(): Promise<void> {
  await service.signIn(new WebBrowser());
  const maria = service.standIn.people.find(({ id }) => id === 'maria');
  await service.standIn.sendBackchannelLogout({ sub: String(maria?.sub) });
}

/** The session of the cookie is replaced. */
async function stepUp(): Promise<void> {
  const browser = new WebBrowser();
  await service.signIn(browser);
  await service.signIn(browser, '/auth/prove-identity');
}

/** The result of a step-up is written into the session. */
async function interruptStepUp(): Promise<void> {
  const browser = new WebBrowser();
  await service.signIn(browser);
  service.standIn.change({ identity: { next: ['ACCESS_DENIED'] } });
  await service.signIn(browser, '/auth/prove-identity');
}

/** The place is read where the user left off. */
async function comeBackFromPostOffice(): Promise<void> {
  const browser = new WebBrowser();
  await service.signIn(browser, '/auth/in-person-return');
}

/** The attempt is consumed the second time. */
async function loadTwice(): Promise<void> {
  const browser = new WebBrowser();
  const callback = await service.begin(browser, '/auth/login');
  await browser.open(callback);
  await browser.open(callback);
}

/** The idle expiry moves on when a fifth of the idle time has gone by. */
async function useAfterAWhile(): Promise<void> {
  const browser = new WebBrowser();
  await service.signIn(browser);
  await letTimePass();
  await service.userinfo(browser);
  for (const path of ['/api/account', '/api/identity']) {
    await letTimePass();
    await browser.open(service.url + path);
  }
}

/** Moves the idle expiry of all sessions, which is in an hour, by twelve minutes. */
const letTimePass = () =>
  service.updateSessions('SET idle_expires_at = idle_expires_at - :while', { ':while': { N: '720000' } });

/** A key that is not among One Login's has its documents fetched at once. */
async function meetUnknownKeys(): Promise<void> {
  const { standIn, publicUrl } = service;
  standIn.change({ idToken: { next: [['UNKNOWN_KID']] } });
  await service.signIn(new WebBrowser());
  const { token } = await standIn.mintLogoutToken({
    sub: String(standIn.people[0]?.sub),
    faults: ['UNKNOWN_KID'],
  });
  await new WebBrowser().open(`${publicUrl}/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: token }),
  });
}

/** What is allowed, in terms of the template, and whether one of the two deployments used it. */
function allowances(): ReadonlyMap<string, boolean> {
  const found = new Map<string, boolean>();
  for (const { access } of [service, switched]) {
    for (const { functionId, action, resourceId, used } of access.allowances) {
      const key = `${functionId} ${action} ${resourceId}`;
      found.set(key, used || found.get(key) === true);
    }
  }
  return found;
}

describe('the roles of the functions', () => {
  // id: permissions-suffice
  test('allow every call to AWS that the functions make', () => {
    expect([...service.access.denied, ...switched.access.denied]).toEqual([]);
    expect(service.awsCalls.length).toBeGreaterThan(100);
  });

  // id: no-unused-permission
  test('allow nothing that is not used', () => {
    // `Custom::ReservedConcurrency` has no effect here, where functions share one machine.
    const onlyDeployed = `${service.functionId('reserve-concurrency')} `;
    const unused = [...allowances()]
      .filter(([allowance, used]) => !used && !allowance.startsWith(onlyDeployed))
      .map(([allowance]) => allowance);

    expect(unused).toEqual([]);
    expect(allowances().size).toBeGreaterThan(50);
  });

  test('are those of all functions, each with what it may do', () => {
    const functions = Object.entries(Object(service.template['Resources'])).flatMap(([id, resource]) =>
      Object(resource).Type === 'AWS::Lambda::Function' ? [id] : [],
    );

    expect(new Set(service.access.allowances.map(({ functionId }) => functionId))).toEqual(
      new Set(functions),
    );
  });
});
