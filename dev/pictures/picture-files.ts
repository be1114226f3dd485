import { join } from 'node:path';
import { packageRoot } from '../../lib/package-root.ts';

export const picturesDirectory = join(packageRoot, 'docs/pictures');

/** The pictures of pages. */
export const screenshots = ['account.webp', 'session-timeout.webp', 'error-page.webp'] as const;
export type Screenshot = (typeof screenshots)[number];
