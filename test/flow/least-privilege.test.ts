import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { eventFormats } from '../lambdas/authorizer/support.ts';
import { prepareRoutes, routeNames } from '../support/all-routes.ts';
import { type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';
import { WebBrowser } from '../support/web-browser.ts';

// Two deployments are started, and everything is done that a function does.
jest.setTimeout(120_000);

const keys = (states: Readonly<Record<string, 'publish' | 'sign' | 'retire'>>) =>
  Object.entries(states).map(([name, state]) => ({ name, state }));

let service: Service;
/** The same deployment after the switch to the next key. */
let switched: Service;

beforeAll(async () => {
  const config = loadLocalConfig();
  const before = keys({ old: 'retire', current: 'sign', next: 'publish' });
  service = await startService({ config: { ...config, signingKeys: before } });
  const after = keys({ old: 'retire', current: 'publish', next: 'sign' });
  switched = await startService({ config: { ...config, signingKeys: after } });
  await visitEverything();
  await switched.signIn(new WebBrowser());
});

afterAll(async () => {
  await service.close();
  await switched.close();
});

/** Every route; then what only some requests lead to. */
async function visitEverything(): Promise<void> {
  const routes = await prepareRoutes(service);
  for (const route of routeNames) await routes.ask(route);
  await service.standIn.backchannelLogoutsSettled();
  await signOutElsewhere();
  await stepUp();
  await interruptStepUp();
  await loadTwice();
  await useAfterAWhile();
  await meetUnknownKeys();
  await until('the audit trail has lines', () => service.auditTrail.length > 0);
}

/** One Login says that a user signed out who has sessions. */
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

/** The session is told what became of its step-up. */
async function interruptStepUp(): Promise<void> {
  const browser = new WebBrowser();
  await service.signIn(browser);
  service.standIn.change({ identity: { next: ['ACCESS_DENIED'] } });
  await service.signIn(browser, '/auth/prove-identity');
}

/** The attempt is consumed the second time. */
async function loadTwice(): Promise<void> {
  const browser = new WebBrowser();
  const callback = await service.begin(browser, '/auth/login');
  await browser.open(callback);
  await browser.open(callback);
}

/** The idle expiry moves on when a tenth of the idle time has gone by. */
async function useAfterAWhile(): Promise<void> {
  const browser = new WebBrowser();
  await service.signIn(browser);
  await letTimePass();
  await service.userinfo(browser);
  for (const output of ['AuthorizerClCm', 'AuthorizerClCmP2']) {
    await letTimePass();
    await authorize(output, browser);
  }
}

/** Moves all idle expiries to ten minutes ago, of an hour. */
async function letTimePass(): Promise<void> {
  const client = createDynamoDbClient(service.dynamodb.url, 'eu-west-2');
  for (const { subject_key: subject, item } of await service.sessionRows()) {
    await client.send(
      new UpdateItemCommand({
        TableName: service.tableName('Sessions'),
        Key: { subject_key: { S: String(subject?.S) }, item: { S: String(item?.S) } },
        UpdateExpression: 'SET idle_expires_at = idle_expires_at - :while',
        ExpressionAttributeValues: { ':while': { N: String(600_000) } },
      }),
    );
  }
  client.destroy();
}

async function authorize(output: string, browser: WebBrowser): Promise<void> {
  const { Outputs } = service.template as { Outputs?: Record<string, { Value?: unknown }> };
  const { 'Fn::GetAtt': [functionId] = [] } = Object(Outputs?.[output]?.Value) as { 'Fn::GetAtt'?: string[] };
  const cookie = browser.cookies.headerFor(new URL(service.url)) ?? '';
  await service.invoke(functionId ?? '', eventFormats['REST API']({ method: 'GET', headers: { cookie } }));
}

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
  test('allow every call to AWS that the functions make', () => {
    expect([...service.access.denied, ...switched.access.denied]).toEqual([]);
    expect(service.awsCalls.length).toBeGreaterThan(100);
  });

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
