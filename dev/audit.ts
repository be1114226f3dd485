/**
 * `npm run audit`: whether the registry knows of vulnerabilities in what the lockfile installs. Exits with 1 for one
 * that is high or critical, and with 3 when the registry could not be asked: that is no vulnerability, and no absence of
 * one.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { exitCodes, runCommand } from '../bin/command.ts';
import { readAudit } from './audit/read-audit.ts';

const root = join(import.meta.dirname, '..');

await runCommand('npm run audit', async () => {
  const { grave, lesser } = readAudit(await npmAudit());
  for (const vulnerability of grave) console.error(`FAIL  ${vulnerability}`);
  for (const vulnerability of lesser) console.log(`warn  ${vulnerability}`);
  if (grave.length + lesser.length === 0) console.log('pass  no known vulnerabilities');
  return grave.length === 0 ? exitCodes.good : exitCodes.bad;
});

/** What `npm audit` writes: it exits with 1 for a vulnerability and for a registry that does not answer alike. */
function npmAudit(): Promise<string> {
  const args = ['audit', '--json', '--package-lock-only', '--fetch-retries=1', '--fetch-timeout=30000'];
  return new Promise((resolve) => {
    execFile('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      resolve(stdout || String(error)),
    );
  });
}
