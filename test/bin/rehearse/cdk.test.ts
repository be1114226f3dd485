import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../../lib/package-root.ts';

/** A CLI that writes a file when it has begun and another one when it has ended, once the file `end` exists. */
const cli = `
const { existsSync, writeFileSync } = require('node:fs');
writeFileSync('begun', '');
const timer = setInterval(() => {
  if (!existsSync('end')) return;
  clearInterval(timer);
  writeFileSync('ended', 'whole');
}, 20);
`;

describe('the CDK CLI', () => {
  it('goes on when the terminal interrupts the command that runs it, so that a stack is destroyed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'one-login-cdk-'));
    writeFileSync(join(directory, 'cli.cjs'), cli);
    const parent = `
      import { existsSync, writeFileSync } from 'node:fs';
      import { runCdk } from ${JSON.stringify(join(packageRoot, 'bin/rehearse/cdk.ts'))};
      process.on('SIGINT', () => writeFileSync('end', ''));
      const timer = setInterval(() => {
        if (!existsSync('begun')) return;
        clearInterval(timer);
        process.kill(-process.pid, 'SIGINT');
      }, 20);
      await runCdk('./cli.cjs', ['destroy'], {
        directory: '.', environment: process.env, signal: new AbortController().signal,
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', parent], {
      cwd: directory,
      // The leader of a group, as a command in a terminal is.
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
    });

    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readFileSync(join(directory, 'ended'), 'utf8')).toBe('whole');
    rmSync(directory, { recursive: true });
  });
});
