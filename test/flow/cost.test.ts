import { describe, expect, test } from '@jest/globals';
import { countedSteps, type Step, type StepUsage } from '../../bin/cost/counted-steps.ts';
import { requestUnits, type Tables } from '../support/dynamodb-units.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();
// The first of each reads One Login's documents, which the figures leave out.
const browser = new WebBrowser();
await service.signIn(browser, '/auth/prove-identity');
await browser.goFrom({ url: new URL(service.url) }, `${service.publicUrl}/logout`);
await service.standIn.backchannelLogoutsSettled();

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
  const answered = since().log.filter(({ event }) => event === 'answered');
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

function countInvocations(answered: readonly Readonly<Record<string, unknown>>[], audited: number) {
  const invocations: Record<string, number> = audited === 0 ? {} : { 'collect-audit': audited };
  for (const { route } of answered) invocations[String(route)] = (invocations[String(route)] ?? 0) + 1;
  return invocations;
}

/** In the order of a visit: each begins where the one before it ended. */
const takes: Readonly<Record<Step, () => Promise<StepUsage>>> = {
  'sign in': () => measure(() => comeBack('/auth/login')),
  'ask who is signed in': () => measure(() => service.userinfo(browser)),
  'keep the session alive': async () => {
    const asked = await measure(() => service.userinfo(browser));
    // As if a tenth of the idle time had passed since the last call.
    await service.updateSessions('SET idle_expires_at = idle_expires_at - :while', {
      ':while': { N: '600000' },
    });
    const extended = await measure(() => service.userinfo(browser));
    return { ...countedSteps['keep the session alive'], writeUnits: extended.writeUnits - asked.writeUnits };
  },
  'sign out': async () => {
    service.standIn.change({ backchannelLogout: { automatic: false } });
    const from = { url: new URL(service.url) };
    return measure(() => browser.goFrom(from, `${service.publicUrl}/logout`));
  },
  'hear of a sign-out': () => {
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
  await browser.open(await service.begin(browser, route), { stopBefore: '/' });
}

describe('what npm run cost counts', () => {
  test.each(Object.keys(takes) as Step[])('is what it takes to %s', async (step) => {
    const { logBytes, ...counted } = await takes[step]();
    const { logBytes: figure, ...figures } = countedSteps[step];
    expect(counted).toEqual(figures);
    expect(logBytes).toBeLessThanOrEqual(figure);
    expect(logBytes).toBeGreaterThanOrEqual(figure / 2);
  });
});
