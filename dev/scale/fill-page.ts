import { formatTable } from '../generate/fill-page.ts';
import {
  countAddresses,
  countSecondsToScale,
  findWalls,
  rates,
  type ScaleConfig,
  type Wall,
} from './find-walls.ts';
import { partitionReads, readOn } from './quotas.ts';
import { type RotationReport, secondsBetweenSignIns } from './simulate-rotation.ts';

export type SimulatedRow = readonly [name: string, instances: number, report: RotationReport];

/** The parts of the page that come from quotas and counted calls. */
export function buildWallParts(config: ScaleConfig): Readonly<Record<string, string>> {
  const walls = findWalls(config);
  return { rates: buildRates(walls), limits: buildLimits(walls) };
}

function buildRates(walls: readonly Wall[]): string {
  const rows = rates.map((rate) => {
    const [first, ...others] = walls.filter(({ signIns }) => signIns < rate);
    return [
      formatNumber(rate),
      first === undefined ? 'none' : describe(first),
      others.length === 0 ? '' : others.map(describe).join('; '),
      formatNumber(countSecondsToScale(rate)),
      formatNumber(countAddresses(rate)),
    ];
  });
  return formatTable([
    [
      'sign-ins a second',
      'first wall, and at how many',
      'also in the way',
      'seconds to scale',
      'addresses at One Login',
    ],
    ...rows,
  ]);
}

const describe = ({ what, signIns }: Wall) =>
  `${what.replace(/^ours: |[,.] .*/g, '')} (${formatNumber(Math.floor(signIns))})`;

function buildLimits(walls: readonly Wall[]): string {
  const rows = walls.map(({ what, limit, used, signIns, raise, source }) => [
    what,
    limit === undefined ? 'check in your account' : formatNumber(limit),
    formatNumber(used),
    Number.isFinite(signIns) ? formatNumber(Math.floor(signIns)) : '',
    raise,
    source.startsWith('https:') ? `[AWS](${source}), ${readOn}` : `[config](${source})`,
  ]);
  return formatTable([
    [
      'what, a second',
      'limit',
      'used by one sign-in a second',
      'sign-ins a second',
      'what raises it',
      'source',
    ],
    ...rows,
  ]);
}

/** The part of the page that comes from the simulation. */
export function buildRotationPart(simulated: readonly SimulatedRow[]): Readonly<Record<string, string>> {
  const rows = simulated.map(([name, instances, report]) => [
    name,
    formatNumber(instances),
    formatNumber(report.signIns),
    formatNumber(report.fetches),
    formatNumber(report.readsPerInstanceMinute),
    formatNumber(report.readsPerSecond),
    formatNumber(report.longestWait),
    formatNumber(report.refused),
    formatNumber(report.lastRefusedAfter),
  ]);
  const table = formatTable([
    [
      'One Login uses its new key',
      'instances',
      'sign-ins',
      'requests to One Login',
      'reads of the table by an instance in a minute',
      'most reads in a second',
      'longest wait for the key, ms',
      'refused',
      'last refusal, ms after the first use',
    ],
    ...rows,
  ]);
  const [, instances, { readsPerSecond }] = simulated.reduce((most, row) => (row[1] >= most[1] ? row : most));
  const rate = instances / secondsBetweenSignIns;
  const most = Math.floor(partitionReads.limit / (readsPerSecond / rate));
  const rotation = `${table}

A partition of DynamoDB reads [${formatNumber(partitionReads.limit)} units a second](${partitionReads.source}) (${readOn}).
If all documents together have up to 4 KB, a read is one unit. So after such a failure DynamoDB would refuse some reads if more
than about ${formatNumber(most)} users sign in a second, for two seconds.`;
  return { rotation };
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
}
