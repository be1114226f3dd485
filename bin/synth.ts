import { relative } from 'node:path';
import { Command } from 'commander';
import { buildApp } from '../lib/app.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import { buildConfigOption } from './command.ts';

interface Options {
  readonly config: string;
  readonly output: string;
}

export const command: Command = new Command('synth')
  .description(
    'Writes the cloud assembly of a deployment, and prints the path of its CloudFormation template. It needs no CDK CLI.',
  )
  .addOption(buildConfigOption())
  .option('--output <directory>', 'where to write it', 'cdk.out')
  .addHelpText('after', '\nExample:\n  $ one-login synth --config config/production.json')
  .action(synthesise);

function synthesise({ config, output }: Options): void {
  const assembly = buildApp(loadConfig(config), { outdir: output }).synth();
  for (const { templateFullPath } of assembly.stacks) console.log(relative('', templateFullPath));
}
