import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../../lib/config/load-config.ts';
import { ConfigError } from '../../../lib/config/mistakes.ts';

const directory = mkdtempSync(join(tmpdir(), 'one-login-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('a file that is not there is named', () => {
  const path = join(directory, 'missing.json');

  expect(() => loadConfig(path)).toThrow(ConfigError);
  expect(() => loadConfig(path)).toThrow(
    /missing\.json has a mistake:\n {2}- the file can't be read: ENOENT/,
  );
});

test('a file that is no JSON is named', () => {
  const path = join(directory, 'broken.json');
  writeFileSync(path, '{ "name": }');

  expect(() => loadConfig(path)).toThrow(
    /broken\.json has a mistake:\n {2}- the file is not JSON: .*Unexpected token '}'/,
  );
});

test('what the file holds is validated under its name', () => {
  const path = join(directory, 'empty.json');
  writeFileSync(path, '{}');

  expect(() => loadConfig(path)).toThrow(/empty\.json has 7 mistakes:\n {2}- name: is missing/);
});

test.each(['production.example', 'integration.example', 'local'])(
  'config/%s.json keeps sessions for an hour, as One Login does',
  (name) => {
    const { session } = loadConfig(fileURLToPath(new URL(`../../../config/${name}.json`, import.meta.url)));

    expect(session.idleMinutes).toBe(60);
  },
);
