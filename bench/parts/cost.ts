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
  /** How long a service remembers its users → all that depends on traffic. */
  readonly remembered?: Readonly<Record<string, number>>;
  /** With what every month costs. */
  readonly total: number;
}

const signIns = 1_000_000;

/** How long a service remembers its users → requests to userinfo that it still makes in a visit. See docs/cost.md. */
export const requestsLeft = { '2 minutes': 9, '3 minutes': 7 } as const;

interface Line {
  readonly name: string;
  readonly cost: number;
}

interface Estimate {
  readonly currency: string;
  readonly traffic: readonly Line[];
  readonly total: number;
}

export async function estimateCost(): Promise<Cost> {
  const { currency, traffic, total } = await runCommand([]);
  const remembered: Record<string, number> = {};
  for (const [time, requests] of Object.entries(requestsLeft)) {
    remembered[time] = sum((await runCommand(['--requests', String(requests)])).traffic);
  }
  return {
    currency,
    signIns,
    lines: Object.fromEntries(traffic.map(({ name, cost }) => [name, Number(cost.toFixed(2))])),
    traffic: sum(traffic),
    remembered,
    total: Number(total.toFixed(2)),
  };
}

function sum(traffic: readonly Line[]): number {
  return Number(traffic.reduce((total, { cost }) => total + cost, 0).toFixed(2));
}

async function runCommand(options: readonly string[]): Promise<Estimate> {
  const config = join(packageRoot, 'config', 'production.example.json');
  const command = [join(packageRoot, 'bin', 'one-login.ts'), 'cost', '--config', config];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...command, '--sign-ins', String(signIns), '--json', ...options],
    { maxBuffer: 10_000_000 },
  );
  return JSON.parse(stdout);
}
