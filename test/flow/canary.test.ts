import { describe, expect, test } from '@jest/globals';
import { countedCanary } from '../../bin/cost/counted-steps.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { requestUnits, type Tables } from '../support/dynamodb-units.ts';
import { useService } from './use-service.ts';

const service = await useService({ config: { ...loadLocalConfig(), canary: true } });

/** Runs the canary by its schedule. @returns the lines of its log, and what the login function counted */
async function run() {
  const since = service.watch();
  const canary = service.functionId('canary');
  const from = service.logs.length;
  const schedule = service.schedules.all.find(({ logicalId }) => logicalId.startsWith('Canary'));
  expect(schedule?.interval).toBe(300_000);
  expect(await schedule?.run()).toMatchObject([{ kind: 'returned' }]);
  const own = service.logs
    .slice(from)
    .filter(({ functionId }) => functionId === canary)
    .map(({ line }) => JSON.parse(line) as Record<string, unknown>);
  const failed = own.filter(({ canary_step_failed: value }) => value === 1).map(({ step }) => step);
  const { canary_failed: result } = own.find((line) => 'canary_failed' in line) ?? {};
  return { failed, result, traffic: since(), messages: own.flatMap(({ message }) => message ?? []) };
}

describe('the canary of a deployment', () => {
  test('writes zeros for its alarm before its first run', () => {
    const zeros = service.logs
      .map(({ line }) => JSON.parse(line))
      .filter((line) => 'canary_failed' in line)
      .map(({ canary_failed: value }) => value);
    expect(zeros).toEqual([0, 0, 0]);
  });

  test('finds nothing wrong, and is no user: it counts as no sign-in that was started', async () => {
    const { failed, result, traffic } = await run();
    expect([failed, result]).toEqual([[], 0]);
    expect(
      traffic.log.flatMap(({ started, purpose }) => (started === undefined ? [] : [[purpose, started]])),
    ).toEqual([
      ['login', 0],
      ['prove-identity', 0],
    ]);
    expect(traffic.log.some(({ event }) => event === 'refused' || event === 'audit')).toBe(false);
  });

  test('sends a User-Agent with its name to One Login, and one request of each path', async () => {
    const { traffic } = await run();
    expect(traffic.oneLogin.map(({ path }) => path).sort()).toEqual([
      '/.well-known/openid-configuration',
      '/authorize',
      '/authorize',
    ]);
    for (const { userAgent } of traffic.oneLogin)
      expect(userAgent).toMatch(/^one-login-lambda\/\S+ \(http\S+\) canary$/);
  });

  test('leaves an attempt for each path, signs no user in and calls no service of AWS itself', async () => {
    const before = (await service.attemptRows()).length;
    const { traffic } = await run();
    expect((await service.attemptRows()).length).toBe(before + 2);
    expect(await service.sessionRows()).toEqual([]);
    const callers = new Set(traffic.aws.map(({ caller }) => caller));
    expect(callers).toEqual(new Set([service.functionId('login')]));
  });

  test('uses no more than docs/cost.md counts', async () => {
    const readTables = async (): Promise<Tables> =>
      new Map(
        Object.entries(await service.dynamodb.dump()).map(([id, items]) => [
          service.dynamodb.tables.get(id) ?? '',
          items as never,
        ]),
      );
    const [lines, before] = [service.logs.length, await readTables()];
    const { traffic } = await run();
    const routes = traffic.log.filter(({ event }) => event === 'answered').map(({ route }) => route);
    expect(routes.sort()).toEqual(['callback', 'login', 'login']);
    const { run: one, path } = countedCanary;
    const { writeUnits, readUnits } = requestUnits(traffic.aws, before, await readTables());
    const signatures = traffic.aws.filter(({ action }) => action === 'Sign').length;
    expect([signatures, writeUnits, readUnits]).toEqual([
      one.signatures + 2 * path.signatures,
      one.writeUnits + 2 * path.writeUnits,
      one.readUnits + 2 * path.readUnits,
    ]);
    const bytes = service.logs.slice(lines).reduce((sum, { line }) => sum + Buffer.byteLength(line), 0);
    expect(bytes).toBeLessThanOrEqual(one.logBytes + 2 * path.logBytes);
    expect(bytes).toBeGreaterThan(0.8 * (one.logBytes + 2 * path.logBytes));
  });

  test.each([
    [
      'a key that is disabled',
      () => service.kms.injectFault({ error: { status: 400, type: 'DisabledException' } }),
      ['login'],
    ],
    [
      'a database that denies access',
      () => service.dynamodb.injectFault({ error: { status: 400, type: 'AccessDeniedException' } }),
      ['login'],
    ],
  ])('finds %s', async (_, disturb, expected) => {
    const end = disturb();
    const { failed, result } = await run().finally(end);
    expect([failed, result]).toEqual([expected, 1]);
  });

  test('finds that One Login refuses the request', async () => {
    service.standIn.change({ authorizationError: { always: 'UNAUTHORIZED_CLIENT' } });
    const { failed, result, messages } = await run();
    expect([failed, result]).toEqual([['authorize'], 1]);
    expect(messages).toContain('the provider responded with "error" unauthorized_client');
  });

  test('finds that One Login is gone', async () => {
    const reset = { always: { reset: true } };
    service.standIn.change({ endpoints: { authorize: reset, discovery: reset } });
    const { failed, result } = await run();
    expect([failed, result]).toEqual([['discovery', 'authorize'], 1]);
  });
});
