#!/usr/bin/env node
/** The command `one-login`. `npm run one-login -- …` runs it in a clone. */
import process from 'node:process';
import { Command } from 'commander';
import { runProgram } from './command.ts';
import { commands } from './commands.ts';

const program = new Command('one-login')
  .description('Sign in with GOV.UK One Login: set up, check and operate a deployment.')
  .showHelpAfterError('one-login --help lists the commands.')
  .addHelpText('after', '\nExample:\n  $ one-login doctor --config config/production.json');
for (const [name, { summary, load }] of Object.entries(commands)) {
  const command = process.argv.includes(name) ? (await load()).command : new Command(name);
  program.addCommand(
    command.summary(summary).showHelpAfterError(`one-login ${name} --help explains the options.`),
  );
}

await runProgram(program);
