import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Adds files to a copy of a function's bundle, for as long as `use` runs: the CDK copies a bundle as soon as it hears
 * of it.
 *
 * @param files name → content
 */
export function bundleWith<T>(
  bundle: string,
  files: Readonly<Record<string, string>>,
  use: (directory: string) => T,
): T {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-bundle-'));
  try {
    cpSync(bundle, directory, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
