import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readAlarms } from '../../../dev/game-day/cloudwatch/read-alarms.ts';
import { incidents } from '../../../dev/game-day/incidents/index.ts';
import type { GameDay } from '../../../dev/game-day/run-game-day.ts';
import type { Verdict } from '../../../dev/game-day/verdict.ts';
import { buildTestConfig, readTemplate } from '../../infra/synthesise.ts';
import { runCommand } from '../../support/command.ts';

// In a process of its own: Jest's own environment makes arithmetic five times slower.
const { code, out } = await runCommand('game-day', '--json');
const { verdicts, unwritten }: GameDay = JSON.parse(out);
const other = await runCommand('game-day', '--json', '--seed', '2');
const { verdicts: otherVerdicts }: GameDay = JSON.parse(other.out);

describe('the alarms in an incident', () => {
  it('are as a person on call needs them', () => {
    const wrong = verdicts.flatMap(({ incident, perHour, wrong: reasons }) =>
      reasons.length === 0 ? [] : [`${incident} at ${perHour}: ${reasons.join(', ')}`],
    );

    // With the reasons, so that a failure shows them.
    expect(wrong).toEqual([]);
  });

  it('page only when needed, within an hour with five users, also when users come at other times', () => {
    const listPages = ({ calls }: Verdict) => calls.filter(({ kind }) => kind === 'page');
    const quiet = otherVerdicts.filter(({ expected }) => expected.startsWith('quiet'));
    const failures = otherVerdicts.filter(
      ({ expected, perHour }) => perHour === 5 && expected.startsWith('page within'),
    );

    expect(quiet.filter((verdict) => listPages(verdict).length > 0)).toEqual([]);
    expect(failures.filter((verdict) => !((listPages(verdict)[0]?.minute ?? Infinity) <= 60))).toEqual([]);
    expect([quiet.length > 50, failures.length > 30]).toEqual([true, true]);
  });

  it('read no metric that no incident has', () => {
    expect(unwritten).toEqual([]);
  });

  it('link to runbooks that exist', () => {
    const runbooks = new Set(verdicts.flatMap(({ calls }) => calls.map(({ runbook }) => runbook)));
    const files = [...runbooks].map(
      (each) => new URL(`../../../docs/operations/runbooks/${each}.md`, import.meta.url),
    );

    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('send one message at most on the day of the first deployment, when each changes to OK', () => {
    const alarms = readAlarms(readTemplate(buildTestConfig('production.example')).Resources);

    expect(alarms.filter(({ clears }) => clears).length).toBeLessThanOrEqual(1);
  });

  it('are replayed for at least 70 incidents, total failures also where five users come in an hour', () => {
    expect(incidents.length).toBeGreaterThanOrEqual(70);
    expect(incidents.filter(({ traffic }) => traffic.includes(5)).length).toBeGreaterThan(30);
  });

  it('are replayed for incidents of different names', () => {
    const names = incidents.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});

describe('npm run game-day', () => {
  it('exits with 1 when a verdict is wrong, else with 0', async () => {
    // Without a canary, no alarm shows that the certificate has ended.
    const config = 'config/integration.example.json';
    const wrong = await runCommand('game-day', '--config', config, '--only', 'certificate-over');
    const quiet = await runCommand('game-day', '--config', config, '--only', 'usual-evening');

    expect(code).toBe(0);
    expect([wrong.code, wrong.out.split('\n').at(-2)]).toEqual([1, '3 replays, 3 wrong']);
    expect([quiet.code, quiet.out.split('\n').at(-2)]).toEqual([0, '3 replays, 0 wrong']);
  });

  it('lists its incidents when the requested one does not exist', async () => {
    const refused = await runCommand('game-day', '--only', 'nothing-of-the-kind');

    expect(refused.code).toBe(2);
    expect(refused.err).toContain(
      'There is no incident nothing-of-the-kind; there are one-login-down-by-day, ',
    );
  });
});
