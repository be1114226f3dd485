import { formatTable } from '../generate/fill-page.ts';
import {
  countAddresses,
  countSecondsToScale,
  findWalls,
  rates,
  type ScaleConfig,
  type Wall,
} from './find-walls.ts';
import { apiGatewayBurst, partitionReads, readOn, simulatedOn } from './quotas.ts';
import { type RotationReport, secondsBetweenSignIns } from './simulate-rotation.ts';

export type SimulatedRow = readonly [name: string, instances: number, report: RotationReport];

/** The parts of the page that come from quotas and counted calls. */
export function buildWallParts(config: ScaleConfig): Readonly<Record<string, string>> {
  const walls = findWalls(config);
  return { rates: buildRates(walls), limits: buildLimits(walls) };
}

function buildRates(walls: readonly Wall[]): string {
  const rows = rates.map((rate, index) => {
    const reached = walls.filter(({ signIns }) => signIns < rate);
    const first = reached.find(({ signIns }) => signIns >= (rates[index - 1] ?? 0));
    return [
      formatNumber(rate),
      first === undefined ? 'none' : `${first.what}: ${formatNumber(Math.floor(first.signIns))}`,
      first === undefined ? '' : nameWhatRaises(first),
      ...[reached.length, countSecondsToScale(rate), countAddresses(rate)].map(formatNumber),
    ];
  });
  const head = [
    'sign-ins a second',
    'first limit',
    'raise it in',
    'limits to raise',
    'seconds to scale',
    'addresses at One Login',
  ];
  return formatTable([head, ...rows]);
}

function nameWhatRaises({ source, what }: Wall): string {
  if (source.startsWith('configuration.md')) return `[the config](${source})`;
  return what.endsWith('of a new table') ? 'warm throughput' : 'Service Quotas';
}

function buildLimits(walls: readonly Wall[]): string {
  const rows = walls
    .filter(({ limit }) => limit !== undefined)
    .map(({ what, limit = 0, signIns, source }) => [
      `[${what}](${source})`,
      formatNumber(limit),
      formatNumber(Math.floor(signIns)),
    ]);
  const unknown = walls
    .filter(({ limit }) => limit === undefined)
    .map(({ what, source }) => `[${what}](${source})`);
  const head = ['limit, a second', 'value', 'sign-ins a second'];
  return `${formatTable([head, ...rows])}

The sources were read on ${readOn}. Check in your account: ${unknown.join(' and ')}.

At one moment, API Gateway accepts [${formatNumber(apiGatewayBurst.requests)} requests](${apiGatewayBurst.source}). You cannot raise this.`;
}

/** The part of the page that comes from the simulation. */
export function buildRotationPart(simulated: readonly SimulatedRow[]): Readonly<Record<string, string>> {
  const sizes = simulated.map(([, instances]) => instances);
  const shown = simulated.filter(
    ([, instances]) => instances === Math.min(...sizes) || instances === Math.max(...sizes),
  );
  const rows = shown.map(([name, instances, report]) => [
    name,
    formatNumber(instances),
    formatNumber(report.fetches),
    formatNumber(report.readsPerSecond),
    formatNumber(report.longestWait),
    formatNumber(report.refused),
  ]);
  const table = formatTable([
    [
      'One Login uses its new key',
      'instances',
      'requests to One Login',
      'most reads in a second',
      'longest wait, ms',
      'refused',
    ],
    ...rows,
  ]);
  const [, instances, { readsPerSecond }] = simulated.reduce((most, row) => (row[1] >= most[1] ? row : most));
  const rate = instances / secondsBetweenSignIns;
  const most = Math.floor(partitionReads.limit / (readsPerSecond / rate));
  const rotation = `${table}

Simulated by \`npm run scale\` on ${simulatedOn}. Requests to One Login do not grow with instances.

A partition of DynamoDB reads [${formatNumber(partitionReads.limit)} units a second](${partitionReads.source}) (${readOn}).
So after a failed request DynamoDB refuses some reads for two seconds, above about ${formatNumber(most)} sign-ins a second.`;
  return { rotation };
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
}
