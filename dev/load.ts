/**
 * `npm run load`: lets users sign in, look around, prove their identity and sign out, again and again, and prints how long
 * they waited. It exits with 1 if anything went wrong for one of them, or if the memory grew.
 */
import process from 'node:process';
import { Command } from 'commander';
import { exitCodes, printReport, readNumber, readOnce, runProgram } from '../bin/command.ts';
import { findTarget } from './load/find-target.ts';
import { formatReport, isGood } from './load/format-report.ts';
import { runLoad } from './load/run-load.ts';
import { startService } from './load/start-service.ts';

interface Options {
  readonly users: number;
  readonly minutes: number;
  readonly think: number;
  readonly url?: string;
}

const program = new Command('npm run load --')
  .description('Lets many users use what `npm start` runs, and prints how long they waited.')
  .option('--users <number>', 'how many there are at the same time', readUsers, 200)
  .option('--minutes <number>', 'how long they come back', (text) => readNumber(text), 10)
  .option('--think <seconds>', 'how long each waits between two visits', (text) => readNumber(text), 1)
  .option(
    '--url <url>',
    'the public URL, up to and including /auth, of a service that runs already, with the stand-in for One Login, such as http://localhost:8080/auth (default: it starts one)',
    readOnce,
  )
  .addHelpText(
    'after',
    `
Each visit: sign in, read userinfo five times, prove the identity, sign out.

Example:
  $ npm run load -- --users 50 --minutes 2`,
  )
  .action(run);

await runProgram(program);

async function run({ users, minutes, think, url }: Options): Promise<void> {
  await using service = url === undefined ? await startService() : undefined;
  const report = await runLoad({
    target: await findTarget(service?.publicUrl ?? String(url)),
    users,
    milliseconds: minutes * 60_000,
    think: think * 1000,
    processId: service?.processId,
  });
  printReport(formatReport(report));
  if (!isGood(report)) process.exitCode = exitCodes.bad;
}

/** Each is a person of their own at the stand-in, whose page for signing in shows all of them. */
function readUsers(text: string): number {
  return Math.max(1, Math.round(readNumber(text, 1000)));
}
