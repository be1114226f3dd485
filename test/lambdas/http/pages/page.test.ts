import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { languages } from '../../../../lambdas/core/language.ts';
import { renderPage } from '../../../../lambdas/http/pages/page.ts';
import type { PageFile, PageValue } from '../../../../lambdas/http/pages/page-file.ts';
import { createPages } from '../../../../lambdas/http/pages/pages.ts';
import { renderPages } from '../../../../lib/pages/render-pages.ts';
import { decodeHtml } from '../../../support/html.ts';
import { pageConfig, pageNames } from '../../../support/rendered-pages.ts';

const file = renderPages(pageConfig, pageNames);
const harmless: Readonly<Record<PageValue, string>> = {
  publicUrl: 'publicUrl',
  actionUrl: 'actionUrl',
  languageUrl: 'languageUrl',
  reference: 'reference',
};

const bracketed = Object.fromEntries(Object.keys(harmless).map((value) => [value, `[${value}]`]));

/** Texts in which the characters of HTML are frequent, and whole tags and references as well. */
const special = [...`<>"'&\`= \n\0`, '</title>', '<script>', '&quot;', '-->', '${x}', '{{x}}'];
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...special), fc.string({ unit: 'binary' })))
  .map((pieces) => pieces.join(''));

const references: Readonly<Record<string, string>> = {
  '&': '&#38;',
  '<': '&#60;',
  '>': '&#62;',
  '"': '&#34;',
  "'": '&#39;',
};
const escapeText = (value: string) => [...value].map((each) => references[each] ?? each).join('');

describe('the frame of a page', () => {
  const makeFrames = (name: string) => ({ en: [`${name} `, { part: 'content' }], cy: [name] }) as never;
  const html = { title: [], head: [], content: ['text'] };
  const pages = { 'confirm-sign-out': { en: html, cy: html }, 'signed-out': { en: html, cy: html } };
  const framed = { frames: makeFrames('plain'), signedInFrames: makeFrames('signed in'), pages } as PageFile;

  test.each([
    ['confirm-sign-out', 'signed in text'],
    ['signed-out', 'plain text'],
  ] as const)('of %s is "%s": only a page for signed-in users has the service header', (name, text) => {
    expect(renderPage(framed, name, 'en', {})).toBe(text);
  });

  test('is the plain one in a deployment without the service header', () => {
    const { signedInFrames: _, ...without } = framed as PageFile & { signedInFrames: unknown };
    expect(renderPage(without, 'confirm-sign-out', 'en', {})).toBe('plain text');
  });
});

describe('a page', () => {
  // id: pages-escape-values
  test.each(pageNames)('(%s) has no HTML but its own, whatever its values are', (name) => {
    fc.assert(
      fc.property(fc.constantFrom(...languages), anyText, (language, text) => {
        const values = Object.fromEntries(Object.keys(harmless).map((value) => [value, `[${value}${text}]`]));
        const filled = renderPage(file, name, language, values);
        const expected = Object.keys(harmless).reduce(
          (html, value) => html.replaceAll(`[${value}]`, () => escapeText(`[${value}${text}]`)),
          renderPage(file, name, language, bracketed),
        );
        expect(filled).toBe(expected);
        expect(escapeText(text)).not.toMatch(/[<>"']/);
        expect(decodeHtml(escapeText(text))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  test('is not shown with a value missing', () => {
    const { reference: _, ...others } = harmless;

    expect(() => renderPage(file, 'problem', 'en', others)).toThrow('a page lacks {"value":"reference"}');
  });

  test('that a function does not have is not shown', () => {
    const logout = renderPages(pageConfig, ['signed-out']);

    expect(() => renderPage(logout, 'problem', 'en', harmless)).toThrow('does not have the page problem');
  });
});

test('pages are read from the file once, when the first of them is shown', () => {
  const reads: PageFile[] = [];
  const pages = createPages(() => {
    reads.push(file);
    return file;
  }, 'https://service.example/auth');

  expect(reads).toEqual([]);
  pages.render('signed-out', 'en', harmless);
  expect(pages.render('signed-out', 'cy', harmless)).toContain('https://service.example/auth/assets/');
  expect(reads).toHaveLength(1);
});
