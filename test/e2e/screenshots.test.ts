import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { browserIsThere, startTimeout } from '../support/chromium.ts';
import { runCommandWith, temporaryPath } from '../support/command.ts';

const home = { HOME: process.env['HOME'] ?? '', PATH: process.env['PATH'] ?? '' };

describe('npm run screenshots', () => {
  (browserIsThere ? test : test.skip)(
    'takes pictures of a page and shows them on one page',
    async () => {
      const out = temporaryPath('screenshots');
      const result = await runCommandWith(home, 'screenshots', '--out', out, '--only', 'too-many-requests');
      expect(result).toMatchObject({ code: 0, err: '' });
      const sheet = readFileSync(join(out, 'index.html'), 'utf8');
      const pictures = [...sheet.matchAll(/<img src="([^"]*)"/g)].map(([, file = '']) => file);
      expect(pictures).toEqual(
        ['desktop', 'large-text', 'narrow'].map((view) => `relying-party/too-many-requests.en.${view}.png`),
      );
      for (const picture of pictures) expect(existsSync(join(out, picture))).toBe(true);
    },
    startTimeout,
  );

  test('refuses a page that the catalogue does not have', async () => {
    const { code, err } = await runCommandWith(home, 'screenshots', '--only', 'nothing');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/--only: there is no page nothing; there are .*too-many-requests/),
    ]);
  });
});
