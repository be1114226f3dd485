import { cpuSteps } from './parts/cpu.ts';
import { waitedFor } from './parts/starters.ts';
import { routes } from './routes.ts';

/** What can be measured, each on its own. */
export const partNames = ['latency', 'calls', 'cpu', 'cold-start', 'bundles', 'memory', 'cost'] as const;
export type PartName = (typeof partNames)[number];

/** The routes, functions and steps that are measured. */
const subjectNames: readonly string[] = [
  ...new Set([
    ...routes.flatMap(({ name, functionName }) => [name, functionName]),
    ...waitedFor,
    ...cpuSteps,
  ]),
];

/** Which parts are measured, and of what. */
export interface Selection {
  readonly parts: readonly PartName[];
  /** @param names of a route, a function or a step: one is enough */
  includes(...names: readonly string[]): boolean;
}

/**
 * Reads what `--only` names: parts, such as `latency`, or what they measure, such as `callback`, or both.
 *
 * @throws Error with the names that there are
 */
export function readSelection(only: readonly string[]): Selection {
  const unknown = only.find((name) => ![...partNames, ...subjectNames].includes(name));
  if (unknown !== undefined) {
    const known = `the parts ${partNames.join(', ')}; and ${subjectNames.join(', ')}`;
    throw new Error(`--only: there is no ${unknown}. There are ${known}`);
  }
  const parts = partNames.filter((name) => only.includes(name));
  const subjects = only.filter((name) => subjectNames.includes(name));
  return {
    parts: parts.length === 0 ? partNames : parts,
    includes: (...names) => subjects.length === 0 || names.some((name) => subjects.includes(name)),
  };
}
