/**
 * npm runs this script in `npm version minor`, between the new version in `package.json` and the commit with its tag. It
 * moves the changes under "Unreleased" in `CHANGELOG.md` to the new version.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { releaseChangelog } from './release/release-changelog.ts';

const { npm_new_version: version } = process.env;
if (version === undefined)
  throw new Error('run "npm version patch", "npm version minor" or "npm version major"');
const today = new Date().toISOString().slice(0, 10);
writeFileSync('CHANGELOG.md', releaseChangelog(readFileSync('CHANGELOG.md', 'utf8'), version, today));
