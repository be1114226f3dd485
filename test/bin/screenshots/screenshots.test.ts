import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { renderDeploymentPages } from '../../../bin/screenshots/deployment-pages.ts';
import { buildTestConfig } from '../../infra/synthesise.ts';
import { browserIsThere, startTimeout } from '../../support/chromium.ts';
import { configFileWith, runCommandWith, temporaryPath } from '../../support/command.ts';
import { catalogue } from '../../support/pages/catalogue.ts';

describe('one-login screenshots', () => {
  (browserIsThere ? it : it.skip)(
    'takes pictures of every page in both languages and widths, and shows them on one page',
    async () => {
      const output = temporaryPath('screenshots');
      const config = configFileWith({ authorizers: [], identity: undefined });
      const env = { HOME: process.env['HOME'] ?? '', PATH: process.env['PATH'] ?? '' };
      const result = await runCommandWith(env, 'screenshots', '--config', config, '--output', output);

      expect(result).toMatchObject({ code: 0, err: '' });
      const sheet = readFileSync(join(output, 'index.html'), 'utf8');
      const pictures = [...sheet.matchAll(/<img src="([^"]*)"/g)].map(([, file = '']) => file);
      expect(pictures).toEqual(
        expect.arrayContaining([
          'problem.en.desktop.png',
          'problem.cy.narrow.png',
          'gateway-throttled.en-cy.narrow.png',
        ]),
      );
      for (const picture of pictures) expect(existsSync(join(output, picture))).toBe(true);
      expect(sheet).toContain('Rydych wedi allgofnodi – Gwasanaeth enghreifftiol');
    },
    startTimeout,
  );

  it('exits with 3 if there is no browser', async () => {
    const config = configFileWith({});
    const { code, err } = await runCommandWith({ CHROMIUM_PATH: 'none' }, 'screenshots', '--config', config);

    expect([code, err]).toEqual([3, 'CHROMIUM_PATH: there is no file none\n']);
  });
});

describe('renderDeploymentPages', () => {
  const config = buildTestConfig('production.example');
  const publicUrl = config.publicUrl ?? '';
  const pages = renderDeploymentPages(config, publicUrl);

  it('has every page of the catalogue, with the texts of the config', () => {
    const titles = (language: string) =>
      pages
        .filter((page) => page.language === language)
        .map(({ html }) => /<title>(.*)<\/title>/.exec(html)?.[1]);

    expect(pages.length).toBeGreaterThanOrEqual(catalogue['relying-party'].length);
    for (const { html } of pages) {
      expect(html).toContain('href="/feedback"');
      expect(html).not.toMatch(/\$context|undefined/);
    }
    expect(titles('cy').every((title) => title?.includes('Gwneud cais am drwydded'))).toBe(true);
    expect(pages.some(({ html }) => html.includes('You can close this window.'))).toBe(true);
  });

  it('has no identity pages for a service that proves no identities', () => {
    const { identity: _, ...others } = config;
    const names = renderDeploymentPages({ ...others, authorizers: [] }, publicUrl).map(({ name }) => name);

    expect(names).toContain('problem');
    expect(names.filter((name) => /identity|in-person|unauthorized/.test(name))).toEqual([]);
  });
});
