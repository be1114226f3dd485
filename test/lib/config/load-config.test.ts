import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../lib/config/load-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'one-login-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('loadConfig', () => {
  it.each([
    ['is not there', undefined, /config\.json has a mistake:\n {2}- the file cannot be read: ENOENT/],
    ['is not JSON', '{ "name": }', /config\.json has a mistake:\n {2}- the file is not JSON: .*Unexpected/],
    ['is not a valid config', '{}', /config\.json has 7 mistakes:\n {2}- name: is missing/],
  ])('names a file that %s', (_, text, message) => {
    const path = join(mkdtempSync(join(directory, 'file-')), 'config.json');
    if (text !== undefined) writeFileSync(path, text);

    expect(() => loadConfig(path)).toThrow(message);
  });
});
