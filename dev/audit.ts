/**
 * `npm run audit`: lists the known vulnerabilities of the packages in the lockfile. It exits with 1 for one that is high or
 * critical, and with 3 if the registry does not respond: it is then unknown whether there are any.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { exitCodes, printReport, runProgram } from '../bin/command.ts';
import { readAudit } from './audit/read-audit.ts';

const root = join(import.meta.dirname, '..');

const program = new Command('npm run audit')
  .description('Lists the known vulnerabilities of the packages in the lockfile.')
  .action(audit);

await runProgram(program);

async function audit(): Promise<void> {
  const { grave, lesser } = readAudit(await runNpmAudit());
  for (const vulnerability of grave) console.error(`FAIL  ${vulnerability}`);
  for (const vulnerability of lesser) printReport(`warn  ${vulnerability}`);
  if (grave.length + lesser.length === 0) printReport('pass  no known vulnerabilities');
  if (grave.length > 0) process.exitCode = exitCodes.bad;
}

/** Returns the output of `npm audit`. It exits with 1 both for a vulnerability and for a registry that does not respond. */
function runNpmAudit(): Promise<string> {
  const args = ['audit', '--json', '--package-lock-only', '--fetch-retries=1', '--fetch-timeout=30000'];
  return new Promise((resolve) => {
    execFile('npm', args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      resolve(stdout || String(error)),
    );
  });
}
