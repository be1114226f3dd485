import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** A stop of the Tab key, in the order of the document. */
export interface Stop {
  readonly element: string;
  /** How it looks without the focus: whatever of it can show the focus. */
  readonly looks: string;
  /** Whether it comes before the page's content. */
  readonly isBeforeMain: boolean;
}

/** Where the focus is. */
export interface Focus extends Stop {
  /** Which of the stops; -1 for none. */
  readonly index: number;
  /** Pixels from the top of the page. */
  readonly top: number;
  readonly bottom: number;
}

/** A text that can be read. */
export interface Text {
  readonly text: string;
  /** Pixels. */
  readonly fontSize: number;
}

export interface Outline {
  readonly language: string;
  readonly title: string;
  /** The texts of its elements `h1`. */
  readonly headings: readonly string[];
}

/** What `in-page.js` can measure. */
interface Measurements {
  readonly stops: readonly Stop[];
  readonly focus: Focus;
  readonly texts: readonly Text[];
  /** What can't be read as the page is laid out. */
  readonly losses: readonly string[];
  /** The page without its words: pages with the same shape look and work alike. */
  readonly shape: string;
  readonly outline: Outline;
}

const source = readFileSync(new URL('in-page.js', import.meta.url), 'utf8')
  .trimEnd()
  .replace(/;$/, '');

/** Measures something in a page. The page's content security policy stays in force. */
export async function measure<Name extends keyof Measurements>(
  page: Page,
  name: Name,
): Promise<Measurements[Name]> {
  return (await measureAll(page, [name]))[name];
}

/** Measures several things in a page at once. */
export function measureAll<Name extends keyof Measurements>(
  page: Page,
  names: readonly Name[],
): Promise<Pick<Measurements, Name>> {
  const entries = names.map((name) => `${name}: of.${name}()`);
  return page.evaluate<Pick<Measurements, Name>>(`((of) => ({ ${entries.join(', ')} }))(${source})`);
}
