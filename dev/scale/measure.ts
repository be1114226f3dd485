import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { loadConfig } from '../../lib/config/load-config.ts';
import type { SimulatedRow } from './fill-page.ts';
import { announced, atOnce, atOnceAndFailing, type Rotation, simulateRotation } from './simulate-rotation.ts';

/** The config whose limits the page has. */
export function readScaleConfig(): DeploymentConfig {
  return loadConfig(fileURLToPath(new URL('../../config/production.example.json', import.meta.url)));
}

const simulations: readonly (readonly [string, Omit<Rotation, 'instances'>, readonly number[]])[] = [
  ['six minutes after it published it', announced, [1, 1_000]],
  ['at once', atOnce, [1, 1_000]],
  ['at once, and a request fails', atOnceAndFailing, [1, 10, 100, 1_000]],
];

/** Simulates every rotation of the page, one after the other. */
export async function simulateAll(): Promise<readonly SimulatedRow[]> {
  const rows: SimulatedRow[] = [];
  for (const [name, rotation, sizes] of simulations) {
    for (const instances of sizes)
      rows.push([name, instances, await simulateRotation({ ...rotation, instances })]);
  }
  return rows;
}
