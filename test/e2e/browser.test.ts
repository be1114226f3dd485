import { test } from '@jest/globals';
import { browserIsRequired, browserIsThere, missingBrowser } from '../support/chromium.ts';

if (!browserIsThere && !browserIsRequired) process.stderr.write(`Tests are skipped: ${missingBrowser}\n`);

test('a browser is there, or is not required', () => {
  if (browserIsRequired && !browserIsThere) throw new Error(missingBrowser);
});
