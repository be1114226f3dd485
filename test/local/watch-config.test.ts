import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { loadConfig } from '../../lib/config/load-config.ts';
import { watchConfig } from '../../local/watch-config.ts';
import { readConfigFile } from '../infra/synthesise.ts';
import { until } from '../support/until.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const directory = await temporaryDirectory();
const file = path.join(directory, 'config.json');

let ending: AbortController;
let reports: string[];
let takenOver: string[];
let problem: Error | undefined;
let config: DeploymentConfig;

beforeEach(async () => {
  ending = new AbortController();
  [reports, takenOver, problem] = [[], [], undefined];
  await write({});
  config = loadConfig(file);
});

function watch(): void {
  watchConfig({
    file,
    config,
    read: async () => loadConfig(file),
    takeOver: async ({ serviceName }) => {
      takenOver.push(serviceName);
      if (problem) throw problem;
    },
    report: (line) => reports.push(line),
    signal: ending.signal,
    interval: 5,
  });
}

afterEach(() => ending.abort());

/** Replaces the file, as editors do. */
async function write(content: string | Readonly<Record<string, unknown>>) {
  const text =
    typeof content === 'string' ? content : JSON.stringify({ ...readConfigFile('local'), ...content });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

const untilReport = (part: string) => until(part, () => reports.join('\n').includes(part));

describe('a config file that is watched', () => {
  test('is taken over when it has changed before the watch', async () => {
    await write({ serviceName: 'Renamed' });
    watch();
    await untilReport('The new config runs');
  });

  test('is taken over when it changes', async () => {
    watch();
    await write({ serviceName: 'Renamed' });
    await untilReport('The new config runs');
    expect(takenOver).toEqual(['Renamed']);
  });

  test('is not taken over when it has a mistake, and its next change is', async () => {
    watch();
    await write({ serviceName: 'Renamed', scopes: ['email'] });
    await untilReport('scopes: must include openid');
    await untilReport('The deployment before this change goes on.');
    await write('{');
    await untilReport('the file is not JSON');
    expect(takenOver).toEqual([]);
    await write({ serviceName: 'Renamed again' });
    await untilReport('The new config runs');
    expect(takenOver).toEqual(['Renamed again']);
  });

  test.each([
    ['name', 'other'],
    ['region', 'eu-west-1'],
    ['idTokenSigningAlgorithm', 'RS256'],
  ])('is not taken over with a new %s, which needs a new start', async (field, value) => {
    watch();
    await write({ [field]: value });
    await untilReport(`a new ${field} needs a new start`);
    expect(takenOver).toEqual([]);
  });

  test('is taken over at its next change when something went wrong', async () => {
    watch();
    problem = new Error('it broke');
    await write({ serviceName: 'Renamed' });
    await untilReport('it broke\nThe deployment before this change goes on.');
    problem = undefined;
    await write({ serviceName: 'Renamed again' });
    await untilReport('The new config runs');
    expect(takenOver).toEqual(['Renamed', 'Renamed again']);
  });
});
