import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readDeployment } from '../../../dev/game-day/deployment.ts';
import { incidents } from '../../../dev/game-day/incidents/index.ts';
import { readRecordings } from '../../../dev/game-day/recording.ts';
import { runGameDay } from '../../../dev/game-day/run-game-day.ts';
import { buildTestConfig, readTemplate } from '../../infra/synthesise.ts';
import { knownWrong } from './known-wrong.ts';

const config = buildTestConfig('production.example');
const deployment = readDeployment(readTemplate(config).Resources, config.name);
const verdicts = runGameDay(deployment, readRecordings(), incidents);

describe('the alarms in an incident', () => {
  it('are as somebody on call wants them, but for the known exceptions', () => {
    const wrong = verdicts.flatMap(({ incident, perHour, wrong: reasons }) =>
      reasons.length === 0 ? [] : [[`${incident} at ${perHour}`, reasons.join('; ')]],
    );

    expect(Object.fromEntries(wrong)).toEqual(knownWrong);
  });

  it('link to runbooks that exist', () => {
    const runbooks = new Set(verdicts.flatMap(({ calls }) => calls.map(({ runbook }) => runbook)));
    const files = [...runbooks].map(
      (each) => new URL(`../../../docs/operations/runbooks/${each}.md`, import.meta.url),
    );

    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('are replayed for incidents of different names', () => {
    const names = incidents.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
  });
});
