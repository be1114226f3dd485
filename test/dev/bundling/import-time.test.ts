import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { measureImportTimes } from '../../../dev/bundling/import-time.ts';

const directory = mkdtempSync(join(tmpdir(), 'import-time-'));
afterAll(() => rmSync(directory, { recursive: true }));

const log = join(directory, 'log');
const note = `appendFileSync(${JSON.stringify(log)}, process.env.NAME + process.env.HOME + ' ');`;

function write(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

describe('measureImportTimes', () => {
  it('loads modules of both kinds in turns, in new processes with only the given environment', () => {
    const files = [
      write('one.mjs', `import { appendFileSync } from 'node:fs'; ${note}`),
      write('other.cjs', `const { appendFileSync } = require('node:fs'); ${note.replace('HOME', 'OTHER')}`),
    ];
    const times = measureImportTimes(files, { NAME: 'x' }, 3);
    expect(readFileSync(log, 'utf8')).toBe('xundefined '.repeat(6));
    expect([...times.keys()]).toEqual(files);
    for (const time of times.values()) expect(time).toBeGreaterThan(0);
  });

  it('throws if a module does not load', () => {
    const file = write('broken.mjs', 'throw new Error("missing environment variables: CLIENT_ID");');
    expect(() => measureImportTimes([file], {}, 1)).toThrow('missing environment variables: CLIENT_ID');
  });
});
