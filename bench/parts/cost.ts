import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../lib/package-root.ts';

/** The estimate of `npm run cost` for a million sign-ins of the production example. */
export interface Cost {
  readonly currency: string;
  readonly signIns: number;
  /** What depends on traffic: line of the bill → cost. */
  readonly lines: Readonly<Record<string, number>>;
  readonly traffic: number;
  /** With what every month costs. */
  readonly total: number;
}

const signIns = 1_000_000;

interface Line {
  readonly name: string;
  readonly cost: number;
}

export async function estimateCost(): Promise<Cost> {
  const config = join(packageRoot, 'config', 'production.example.json');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(packageRoot, 'bin', 'one-login.ts'),
      'cost',
      '--config',
      config,
      '--sign-ins',
      String(signIns),
      '--json',
    ],
    { maxBuffer: 10_000_000 },
  );
  const { currency, traffic, total }: { currency: string; traffic: readonly Line[]; total: number } =
    JSON.parse(stdout);
  return {
    currency,
    signIns,
    lines: Object.fromEntries(traffic.map(({ name, cost }) => [name, Number(cost.toFixed(2))])),
    traffic: Number(traffic.reduce((sum, { cost }) => sum + cost, 0).toFixed(2)),
    total: Number(total.toFixed(2)),
  };
}
