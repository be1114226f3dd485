/**
 * `npm run audit`: lists the known vulnerabilities of the packages in the lockfile. It exits with 1 for one that is high or
 * critical, and with 3 if the registry does not respond: nobody then knows whether there are any.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { exitCodes, runCommand } from '../bin/command.ts';
import { readAudit } from './audit/read-audit.ts';

const root = join(import.meta.dirname, '..');

await runCommand('npm run audit', async () => {
  const { grave, lesser } = readAudit(await runNpmAudit());
  for (const vulnerability of grave) console.error(`FAIL  ${vulnerability}`);
  for (const vulnerability of lesser) console.log(`warn  ${vulnerability}`);
  if (grave.length + lesser.length === 0) console.log('pass  no known vulnerabilities');
  return grave.length === 0 ? exitCodes.good : exitCodes.bad;
});

/** Returns the output of `npm audit`. It exits with 1 both for a vulnerability and for a registry that does not respond. */
function runNpmAudit(): Promise<string> {
  const args = ['audit', '--json', '--package-lock-only', '--fetch-retries=1', '--fetch-timeout=30000'];
  return new Promise((resolve) => {
    execFile('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      resolve(stdout || String(error)),
    );
  });
}
