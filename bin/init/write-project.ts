import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command.ts';

export interface WrittenProject {
  readonly created: readonly string[];
  /** What exists and stays as it is. */
  readonly skipped: readonly string[];
}

/**
 * Writes the files that do not exist, and adds the missing lines to `.gitignore`. If one cannot be written, none is.
 *
 * @param files path → content
 * @throws CommandError
 */
export function writeProject(
  directory: string,
  files: Readonly<Record<string, string>>,
  ignored: readonly string[],
): WrittenProject {
  const created: string[] = [];
  const skipped: string[] = [];
  const newDirectories: string[] = [];
  const makeDirectory = (path: string) => {
    const first = mkdirSync(path, { recursive: true });
    if (first !== undefined) newDirectories.push(first);
  };
  try {
    makeDirectory(directory);
    for (const [path, content] of Object.entries(files)) {
      makeDirectory(dirname(join(directory, path)));
      (writeNewFile(join(directory, path), content) ? created : skipped).push(path);
    }
    // The last one: nothing has to be undone in a file of the user.
    (addLines(join(directory, '.gitignore'), ignored) ? created : skipped).push('.gitignore');
    return { created, skipped };
  } catch (error) {
    for (const path of created) rmSync(join(directory, path));
    for (const path of newDirectories) rmSync(path, { recursive: true, force: true });
    throw new CommandError(`nothing was written: ${(error as Error).message}`);
  }
}

/** @returns whether there was no such file */
function writeNewFile(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    rmSync(file, { force: true });
    throw error;
  }
}

/** @returns whether a line was missing */
function addLines(file: string, lines: readonly string[]): boolean {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const present = text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  const missing = lines.filter((line) => !present.includes(line.replace(/\/$/, '')));
  if (missing.length === 0) return false;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  writeFileSync(file, `${separator}${missing.join('\n')}\n`, { flag: 'a' });
  return true;
}
