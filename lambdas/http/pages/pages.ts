import { readFileSync } from 'node:fs';
import type { Language } from '../../core/language.ts';
import { type PageValues, renderPage } from './page.ts';
import type { PageFile, PageName } from './page-file.ts';

/** The pages that a function can show. */
export interface Pages {
  /** @returns the whole HTML page */
  render(name: PageName, language: Language, values: Omit<PageValues, 'publicUrl'>): string;
}

/**
 * The pages of a file, which is read when the first of them is shown: a cold start does without.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function createPages(read: () => PageFile, publicUrl: string): Pages {
  let file: PageFile | undefined;
  return {
    render: (name, language, values) => {
      file ??= read();
      return renderPage(file, name, language, { ...values, publicUrl });
    },
  };
}

/** Reads `pages.json` beside the bundle that this is part of. */
export function readPageFile(): PageFile {
  return JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
}
