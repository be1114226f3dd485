import { beforeAll, describe, expect, test } from '@jest/globals';
import { countedSteps, type Step, type StepUsage } from '../../bin/cost/counted-steps.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { buildTestConfig } from '../infra/synthesise.ts';
import { measureItem, requestUnits, type Tables } from '../support/dynamodb-units.ts';
import { refusalsIn, type Traffic } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();

const actionsIn = ({ aws }: Traffic) => aws.map(({ action }) => action);
const pathsIn = ({ oneLogin }: Traffic) => oneLogin.map(({ path }) => path);
const readTableName = (call: Traffic['aws'][number] | undefined) => String(Object(call?.input).TableName);

/**
 * Holds calls to AWS back, all or those of one kind.
 *
 * @param functionName only this function's
 * @returns a function that lets them go
 */
function hold(action?: string, functionName?: string) {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  const injection = {
    hold: promise,
    ...(action === undefined ? {} : { action }),
    ...(functionName === undefined ? {} : { caller: service.functionId(functionName) }),
  };
  const ends = [service.dynamodb.injectFault(injection), service.kms.injectFault(injection)];
  return () => {
    for (const end of ends) end();
    release();
  };
}

const maria = () => service.standIn.people.find(({ id }) => id === 'maria')?.sub ?? '';

const beginOnly = (browser: WebBrowser) =>
  browser.open(`${service.publicUrl}/login`, { stopBefore: '/authorize' });

// The first two tests start instances, which read the documents.
describe('an instance that starts', () => {
  test('reads the documents before the first login, which signs and stores the attempt together', async () => {
    const since = service.watch();
    const release = hold();
    const begun = beginOnly(new WebBrowser());
    await until('the documents are requested', () => since().aws.length === 1);
    expect(actionsIn(since())).toEqual(['Query']);
    expect(readTableName(since().aws[0])).toBe(service.tableName('ProviderDocuments'));
    release();
    expect((await begun).next?.origin).toBe(service.standIn.url);
    expect(actionsIn(since()).sort()).toEqual(['PutItem', 'Query', 'Sign']);
    expect(pathsIn(since())).toEqual([]);
  });

  // id: cold-callback-calls
  test('reads the documents before the first callback, which takes the attempt and signs together', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    const since = service.watch();
    const releaseQuery = hold();
    const page = browser.open(callback, { stopBefore: '/' });
    await until('the documents are requested', () => since().aws.length === 1);
    expect(actionsIn(since())).toEqual(['Query']);
    releaseQuery();
    const release = hold();
    await until('three calls', () => since().aws.length === 3);
    expect(actionsIn(since()).slice(1).sort()).toEqual(['Sign', 'UpdateItem']);
    expect(pathsIn(since())).toEqual([]);
    release();
    expect((await page).status).toBe(303);
    // The first write remembers the key that One Login signs with.
    expect(actionsIn(since()).slice(3)).toEqual(['PutItem', 'PutItem', 'BatchGetItem']);
    expect(pathsIn(since())).toEqual(['/token', '/userinfo']);
  });
});

describe('with documents in memory', () => {
  test('a login takes one signature, one write and no request to One Login', async () => {
    const since = service.watch();
    await beginOnly(new WebBrowser());
    expect(actionsIn(since()).sort()).toEqual(['PutItem', 'Sign']);
    expect(pathsIn(since())).toEqual([]);
  });

  test('a login signs and stores the attempt together', async () => {
    const since = service.watch();
    const release = hold();
    const begun = beginOnly(new WebBrowser());
    await until('two calls', () => since().aws.length === 2);
    expect(actionsIn(since()).sort()).toEqual(['PutItem', 'Sign']);
    release();
    expect((await begun).status).toBe(303);
  });

  test('an identity request keeps the place where the user left off together with the attempt', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const since = service.watch();
    const release = hold('PutItem');
    const begun = browser.open(`${service.publicUrl}/prove-identity`, { stopBefore: '/authorize' });
    await until('four calls', () => since().aws.length === 4);
    expect(actionsIn(since()).sort()).toEqual(['GetItem', 'PutItem', 'PutItem', 'Sign']);
    release();
    expect((await begun).status).toBe(303);
  });

  test('the return from an in-person check takes one read more, for the page to go on at', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const since = service.watch();
    await browser.open(`${service.publicUrl}/in-person-return?step=continue`);
    expect(since().aws.map(readTableName)).toEqual([
      service.tableName('Sessions'),
      service.tableName('LoginAttempts'),
    ]);
  });

  // id: callback-call-budget
  test('a callback makes four calls to AWS and two to One Login, in this order', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    const since = service.watch();
    expect((await browser.open(callback, { stopBefore: '/' })).status).toBe(303);
    const { aws, oneLogin } = since();
    expect(actionsIn({ ...since(), aws: aws.slice(0, 2) }).sort()).toEqual(['Sign', 'UpdateItem']);
    expect(actionsIn({ ...since(), aws: aws.slice(2) })).toEqual(['PutItem', 'BatchGetItem']);
    const sessions = service.tableName('Sessions');
    expect(Object(aws[2]?.input).TableName).toBe(sessions);
    expect(Object(aws[3]?.input).RequestItems).toEqual({
      [sessions]: { ConsistentRead: true, Keys: [expect.anything(), expect.anything()] },
    });
    expect(oneLogin.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /token', 'GET /userinfo']);
  });

  // id: identity-callback-call-budget
  test('a callback that proves an identity makes no call more', async () => {
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/prove-identity');
    const since = service.watch();
    await browser.open(callback, { stopBefore: '/' });
    expect(actionsIn(since()).sort()).toEqual(['BatchGetItem', 'PutItem', 'Sign', 'UpdateItem']);
    expect(pathsIn(since())).toEqual(['/token', '/userinfo']);
  });

  test('a callback that replaces a session deletes it last, after it has read the marks', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const callback = await service.begin(browser, '/auth/prove-identity');
    const since = service.watch();
    const release = hold('BatchGetItem');
    const page = browser.open(callback, { stopBefore: '/' });
    await until('four calls', () => since().aws.length === 4);
    expect(actionsIn(since()).slice(2)).toEqual(['PutItem', 'BatchGetItem']);
    release();
    expect((await page).status).toBe(303);
    expect(actionsIn(since()).slice(4)).toEqual(['DeleteItem']);
  });

  test('a callback does not request userinfo before it has the key of the ID token', async () => {
    service.standIn.change({ idToken: { next: [['UNKNOWN_KID']] } });
    const browser = new WebBrowser();
    const callback = await service.begin(browser, '/auth/login');
    const since = service.watch();
    const release = hold('Query', 'callback');
    const page = browser.open(callback);
    await until('the key is looked for', () => actionsIn(since()).includes('Query'));
    expect(pathsIn(since())).toEqual(['/token']);
    release();
    expect((await page).status).toBe(502);
    expect(refusalsIn(since())).toEqual(['id_token_key_unknown']);
    expect(pathsIn(since())).not.toContain('/userinfo');
  });

  test('userinfo takes one read, and a logout one read, one mark and one deletion', async () => {
    const browser = new WebBrowser();
    await service.signIn(browser);
    const userinfo = service.watch();
    await service.userinfo(browser);
    expect(actionsIn(userinfo())).toEqual(['GetItem']);
    const from = { url: new URL(service.url) };
    await browser.copy().goFrom(from, `${service.publicUrl}/logout`, { stopBefore: '/logout' });
    await service.signIn(browser);
    const logout = service.watch();
    await browser.goFrom(from, `${service.publicUrl}/logout`, { stopBefore: '/logout' });
    expect(actionsIn(logout()).sort()).toEqual(['DeleteItem', 'GetItem', 'PutItem']);
    expect(actionsIn(logout()).at(-1)).toBe('DeleteItem');
    expect(pathsIn(logout())).toEqual([]);
  });
});

describe('a back-channel logout', () => {
  test('makes four calls for a user with two sessions', async () => {
    // This reads the documents.
    await service.standIn.sendBackchannelLogout({ sub: maria() });
    for (const browser of [new WebBrowser(), new WebBrowser()]) await service.signIn(browser);
    const since = service.watch();
    await service.standIn.sendBackchannelLogout({ sub: maria() });
    expect(actionsIn(since())).toEqual(['PutItem', 'PutItem', 'Query', 'BatchWriteItem']);
    expect(await service.sessionRows()).toEqual([]);
  });
});

describe('a back-channel logout while a callback is under way', () => {
  test.each(['UpdateItem', 'PutItem', 'BatchGetItem'])(
    'and held up at its %s leaves no session, and lets the user sign in again at once',
    async (action) => {
      const browser = new WebBrowser();
      const callback = await service.begin(browser, '/auth/login');
      const since = service.watch();
      const release = hold(action, 'callback');
      const page = browser.open(callback);
      await until(`a ${action}`, () => actionsIn(since()).includes(action));
      expect(await service.standIn.sendBackchannelLogout({ sub: maria() })).toMatchObject({
        delivered: true,
      });
      release();
      expect((await page).status).toBe(403);
      expect(refusalsIn(since())).toEqual(['session_revoked_meanwhile']);
      expect(browser.cookies.get('__Host-one-login-session')).toBeUndefined();
      expect(await service.sessionRows()).toEqual([]);
      await service.signIn(browser);
      expect((await service.userinfo(browser)).status).toBe(200);
    },
  );
});

const visitor = new WebBrowser();

async function tables(): Promise<Tables> {
  const dump = await service.dynamodb.dump();
  return new Map(
    Object.entries(dump).map(([id, items]) => [service.dynamodb.tables.get(id) ?? '', items as never]),
  );
}

/** The functions' lines in the log. Lambda writes others itself. */
const readLines = (since: number) => service.logs.slice(since).map(({ line }) => line);

/** Takes the step, and counts what it used. */
async function measure(step: () => Promise<unknown>): Promise<StepUsage> {
  const [lines, before, since] = [service.logs.length, await tables(), service.watch()];
  await step();
  await service.standIn.backchannelLogoutsSettled();
  const audited = () => since().log.filter(({ event }) => event === 'audit');
  // A successful userinfo logs its metrics only.
  const answered = service.logs.slice(lines).flatMap(({ functionId, line }) => {
    const { event, route } = JSON.parse(line);
    if (event === 'answered') return [route];
    return functionId.includes('userinfo') ? ['userinfo'] : [];
  });
  const calls = since().aws;
  const { writeUnits, readUnits } = requestUnits(calls, before, await tables());
  const auditBytes = audited().reduce((sum, line) => sum + JSON.stringify(line).length, 0);
  return {
    apiRequests: answered.length,
    invocations: countInvocations(answered, audited().length),
    signatures: calls.filter(({ action }) => action === 'Sign').length,
    writeUnits,
    readUnits,
    logBytes: readLines(lines).reduce((sum, line) => sum + Buffer.byteLength(line), 0) + auditBytes,
  };
}

function countInvocations(answered: readonly string[], audited: number) {
  const invocations: Record<string, number> = audited === 0 ? {} : { 'collect-audit': audited };
  for (const route of answered) invocations[route] = (invocations[route] ?? 0) + 1;
  return invocations;
}

/** In the order of a visit: each begins where the one before it ended. */
const takes: Readonly<Record<Step, () => Promise<StepUsage>>> = {
  'sign in': () => measure(() => comeBack('/auth/login')),
  'read userinfo': () => measure(() => service.userinfo(visitor)),
  'keep the session alive': async () => {
    const asked = await measure(() => service.userinfo(visitor));
    // As if a fifth of the idle time had passed since the last call.
    await service.updateSessions('SET idle_expires_at = idle_expires_at - :while', {
      ':while': { N: '720000' },
    });
    const extended = await measure(() => service.userinfo(visitor));
    return { ...countedSteps['keep the session alive'], writeUnits: extended.writeUnits - asked.writeUnits };
  },
  'sign out': async () => {
    service.standIn.change({ backchannelLogout: { automatic: false } });
    const from = { url: new URL(service.url) };
    return measure(() => visitor.goFrom(from, `${service.publicUrl}/logout`));
  },
  'be notified of a sign-out': () => {
    const sub = service.standIn.people.find(({ id }) => id === 'maria')?.sub ?? '';
    return measure(() => service.standIn.sendBackchannelLogout({ sub }));
  },
  'prove identity': async () => {
    await comeBack('/auth/login');
    return measure(() => comeBack('/auth/prove-identity'));
  },
};

/** Goes through One Login, up to the page of the service, which is not opened. */
async function comeBack(route: string): Promise<void> {
  await visitor.open(await service.begin(visitor, route), { stopBefore: '/' });
}

describe('the item of a session after a sign-in', () => {
  test('is smaller than the 1 KB that DynamoDB counts as one write', async () => {
    // This config has no fewer scopes than that of the production example.
    const { scopes } = buildTestConfig('production.example');
    expect(loadLocalConfig().scopes).toEqual(expect.arrayContaining([...scopes]));
    const browser = new WebBrowser();
    await service.standIn.sendBackchannelLogout({ sub: maria() });
    await service.signIn(browser);
    const items = (await tables()).get(service.tableName('Sessions')) ?? [];
    const sessions = items.filter(({ sealed_payload }) => sealed_payload !== undefined);
    expect(sessions).toHaveLength(1);
    expect(measureItem(sessions[0])).toBeLessThan(1024);
  });
});

describe('what npm run cost counts', () => {
  // The figures leave out that the first of each reads One Login's documents.
  beforeAll(async () => {
    await service.signIn(visitor, '/auth/prove-identity');
    await visitor.goFrom({ url: new URL(service.url) }, `${service.publicUrl}/logout`);
    await service.standIn.backchannelLogoutsSettled();
  });

  test.each(Object.keys(takes) as Step[])('is what it takes to %s', async (step) => {
    const { logBytes, ...counted } = await takes[step]();
    const { logBytes: figure, ...figures } = countedSteps[step];
    expect(counted).toEqual(figures);
    expect(logBytes).toBeLessThanOrEqual(figure);
    expect(logBytes).toBeGreaterThanOrEqual(figure / 2);
  });
});
