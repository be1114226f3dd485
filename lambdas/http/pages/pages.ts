import type { Language } from '../../core/language.ts';
import { type PageValues, renderPage } from './page.ts';
import type { PageFile, PageName } from './page-file.ts';

/** The pages that a function can show. */
export interface Pages {
  /** @returns the whole HTML page */
  render(name: PageName, language: Language, values: Omit<PageValues, 'publicUrl'>): string;
}

/**
 * Reads the file when the first page is rendered, to keep the cold start short.
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

/** Reads `pages.json` beside the bundle. */
export function readPageFile(): PageFile {
  // `import 'node:fs'` would load `node:fs/promises`, which takes 4 ms of every cold start.
  const { readFileSync } = process.getBuiltinModule('node:fs');
  return JSON.parse(readFileSync(new URL('pages.json', import.meta.url), 'utf8'));
}
