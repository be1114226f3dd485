import { readFileSync } from 'node:fs';

const { name, version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as {
  readonly name: string;
  readonly version: string;
};

/** What every call to One Login is sent with; without a User-Agent the answer is 403. */
export function buildUserAgent(serviceUrl: string): string {
  return `${name}/${version} (${serviceUrl})`;
}
