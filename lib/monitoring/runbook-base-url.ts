import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** The folder of the runbooks in the repository. */
export const runbookFolder = 'docs/operations/runbooks';

const { repository, version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  readonly repository: { readonly url: string };
  readonly version: string;
};

/**
 * Where the runbooks of this version are on the web, for configs without `runbookBaseUrl`. If you publish the project
 * elsewhere, change `repository` in package.json.
 */
export const runbookBaseUrl = `${repository.url.replace(/^git\+|\.git$/g, '')}/blob/v${version}/${runbookFolder}`;
