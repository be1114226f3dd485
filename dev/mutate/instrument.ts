import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** One change of a source file that the tests must notice. */
export interface Mutant {
  readonly id: string;
  /** From the root, such as `lambdas/http/route.ts`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly mutator: string;
  /** The code before the change, on one line, see `shorten`. */
  readonly before: string;
  /** The code after it, on one line. */
  readonly after: string;
}

/** The sources with all their mutants: each checks at run time whether it is the active one. */
export interface Instrumented {
  readonly mutants: readonly Mutant[];
  /** JavaScript by the name of the source file. */
  readonly code: Readonly<Record<string, string>>;
}

const ignore = (): void => undefined;

const silent = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

/**
 * Puts all mutants of the given TypeScript files into their code.
 *
 * @param files paths from `root`, with slashes
 */
export async function instrumentSources(root: string, files: readonly string[]): Promise<Instrumented> {
  const sources = files.map((name) => ({
    name,
    mutate: true,
    content: readFileSync(join(root, name), 'utf8'),
  }));
  const options = { plugins: null, excludedMutations: [], ignorers: [], noHeader: false };
  const result = await new Instrumenter(silent).instrument(sources, options);
  const lines = new Map(sources.map(({ name, content }) => [name, content.split('\n')]));
  const mutants = result.mutants.map((mutant): Mutant => {
    const { start, end } = mutant.location;
    const within = (lines.get(mutant.fileName) ?? []).slice(start.line, end.line + 1);
    within.push(within.pop()?.slice(0, end.column) ?? '');
    const before = within.join('\n').slice(start.column);
    return {
      id: mutant.id,
      file: mutant.fileName,
      line: start.line + 1,
      column: start.column + 1,
      mutator: mutant.mutatorName,
      before: shorten(before),
      after: shorten(mutant.replacement),
    };
  });
  const code = result.files.map(({ name, content }) => [name, stripTypeScriptTypes(content)]);
  return { mutants, code: Object.fromEntries(code) };
}

/** Code on one line, of at most 100 characters. */
function shorten(code: string): string {
  const line = code.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
