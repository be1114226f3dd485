import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The directory with `package.json`, in a clone and in an installed package. Data files are found from here. */
export const packageRoot: string = findRoot(import.meta.dirname);

/** Whether this is the compiled package, which contains bundles and stylesheets, or its sources. */
export const isCompiled: boolean = import.meta.filename.endsWith('.js');

function findRoot(directory: string): string {
  return existsSync(join(directory, 'config/schema.json')) ? directory : findRoot(dirname(directory));
}
