import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { screenshots } from '../../../dev/pictures/picture-files.ts';
import { takeScreenshots } from '../../../dev/pictures/take-screenshots.ts';
import { browserIsThere, startTimeout } from '../../support/chromium.ts';

describe('takeScreenshots', () => {
  const directory = mkdtempSync(join(tmpdir(), 'one-login-pictures-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  (browserIsThere ? it : it.skip)(
    'takes small pictures of a signed-in page, the timeout dialog and an error page',
    async () => {
      await takeScreenshots(directory);
      const pictures = screenshots.map((file) => readFileSync(join(directory, file)));
      for (const picture of pictures) {
        expect(picture.subarray(8, 12).toString()).toBe('WEBP');
        expect(picture.length).toBeLessThan(40_000);
      }
      expect(new Set(pictures.map(String)).size).toBe(screenshots.length);
    },
    startTimeout,
  );
});
