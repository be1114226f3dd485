/**
 * `npm run game-day`: replays incidents through the alarms of a template, and prints which called when. It exits with 1 for
 * an alarm that is not as a person on call needs it.
 */
import { join } from 'node:path';
import process from 'node:process';
import { Command, InvalidArgumentError } from 'commander';
import { buildJsonOption, exitCodes, printReport, readNumber, runProgram } from '../bin/command.ts';
import { synthesiseTemplate } from '../bin/synthesise-template.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { loadConfig } from '../lib/config/load-config.ts';
import type { Resources } from './game-day/cloudwatch/read-alarms.ts';
import { readDeployment } from './game-day/deployment.ts';
import type { Incident } from './game-day/incident.ts';
import { incidents } from './game-day/incidents/index.ts';
import { readRecordings } from './game-day/recording.ts';
import { runGameDay, usualSeed } from './game-day/run-game-day.ts';
import { formatTable } from './game-day/table.ts';

interface Options {
  readonly config: string;
  readonly only?: readonly Incident[];
  readonly seed: number;
  readonly json?: true;
}

const example = join(import.meta.dirname, '../config/production.example.json');

const program = new Command('npm run game-day --')
  .description('Replays incidents through the alarms of a deployment, and prints which called when.')
  .option('--config <file>', 'of the deployment', example)
  .option('--only <name>', 'the incidents whose names contain this', readOnly)
  .option(
    '--seed <number>',
    'another one lets users come at other times',
    (text) => readNumber(text),
    usualSeed,
  )
  .addOption(buildJsonOption())
  .action(run);

await runProgram(program);

function run({ config: path, only = incidents, seed, json }: Options): void {
  const config = addRecipient(loadConfig(path));
  const { Resources } = synthesiseTemplate<{ readonly Resources: Resources }>(config);
  const day = runGameDay(readDeployment(Resources, config.name), readRecordings(), only, seed);
  printReport(json ? JSON.stringify(day, undefined, 2) : formatTable(day.verdicts));
  if (day.verdicts.some(({ wrong }) => wrong.length > 0)) process.exitCode = exitCodes.bad;
}

/** A deployment whose alarms send no messages, such as the examples, is judged as if they did. */
function addRecipient({ alarms, ...config }: DeploymentConfig): DeploymentConfig {
  const { topicArn, urgentTopicArn, ticketTopicArn, emails } = alarms;
  const hasOne = [topicArn, urgentTopicArn, ticketTopicArn, ...emails].some((each) => each !== undefined);
  return { ...config, alarms: hasOne ? alarms : { ...alarms, emails: ['on-call@example.gov.uk'] } };
}

function readOnly(text: string): readonly Incident[] {
  const found = incidents.filter(({ name }) => name.includes(text));
  if (found.length > 0) return found;
  throw new InvalidArgumentError(
    `There is no incident ${text}; there are ${incidents.map(({ name }) => name).join(', ')}.`,
  );
}
