import type { Mutant } from './instrument.ts';
import type { Result } from './run-mutants.ts';

/** A survivor that no test has to kill. */
export interface Explained {
  readonly file: string;
  /** As the report prints it. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

export interface Folder {
  readonly name: string;
  readonly mutants: number;
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly notCovered: number;
  /** Those of `survived` and `notCovered` with a reason. */
  readonly explained: number;
  /** Killed or timed out, of all. */
  readonly percent: number;
  /** The same without the mutants of string literals. */
  readonly percentWithoutStrings: number;
}

export interface Verdict {
  readonly folders: readonly Folder[];
  /** Survivors without a reason. */
  readonly unexplained: readonly Result[];
  /** Reasons for what does not survive. */
  readonly stale: readonly Explained[];
  readonly good: boolean;
}

/** The percentage of the mutants of each folder, without string literals, that the tests must notice. */
export const goal = 97;

/**
 * Judges the results: each folder reaches the goal, each survivor but those in string literals has a reason, and each
 * reason has a survivor.
 *
 * @param explained the reasons for survivors in the files of `results`
 */
export function judgeResults(results: readonly Result[], explained: readonly Explained[]): Verdict {
  const reasons = new Map(explained.map((each) => [keyFor(each), each]));
  const survivors = results.filter(({ status }) => status === 'survived' || status === 'not covered');
  const explains = ({ mutant }: Result): boolean => reasons.has(keyFor(mutant));
  const unexplained = survivors.filter((result) => !explains(result));
  const surviving = new Set(survivors.map(({ mutant }) => keyFor(mutant)));
  const stale = explained.filter((each) => !surviving.has(keyFor(each)));
  const byFolder = Map.groupBy(results, ({ mutant }) => findFolder(mutant.file));
  const folders = [...byFolder].map(([name, list]): Folder => {
    const count = (status: Result['status']): number => list.filter((each) => each.status === status).length;
    return {
      name,
      mutants: list.length,
      killed: count('killed'),
      timedOut: count('timed out'),
      survived: count('survived'),
      notCovered: count('not covered'),
      explained: survivors.filter((each) => list.includes(each) && explains(each)).length,
      percent: findPercent(list),
      percentWithoutStrings: findPercent(list.filter(({ mutant }) => !isString(mutant))),
    };
  });
  const good =
    stale.length === 0 &&
    unexplained.every(({ mutant }) => isString(mutant)) &&
    folders.every(({ percentWithoutStrings }) => percentWithoutStrings >= goal);
  return { folders, unexplained, stale, good };
}

/** The rooms of `lambdas/core` count as folders of their own. */
function findFolder(file: string): string {
  return /^lambdas\/(core\/\w[\w-]*(?=\/)|[\w-]+)/.exec(file)?.[0] ?? file;
}

function keyFor({ file, before, after }: Mutant | Explained): string {
  return JSON.stringify([file, before, after]);
}

function isString({ mutator }: Mutant): boolean {
  return mutator === 'StringLiteral';
}

function findPercent(results: readonly Result[]): number {
  const found = results.filter(({ status }) => status === 'killed' || status === 'timed out').length;
  return results.length === 0 ? 100 : (100 * found) / results.length;
}
