import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

// A file of its own, because `one-login doctor` uses it without loading the CDK.
const { name, version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly version: string;
};

/** @returns the User-Agent of all calls to One Login, which returns 403 without one */
export function buildUserAgent(serviceUrl: string): string {
  return `${name}/${version} (${serviceUrl})`;
}
