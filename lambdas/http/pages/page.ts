import type { Language } from '../../core/language.ts';
import {
  type Html,
  type PageFile,
  type PageName,
  type PagePart,
  type PageValue,
  signedInPages,
} from './page-file.ts';

/** What is known of a page when it is shown. Everything is escaped. */
export type PageValues = Readonly<Partial<Record<PageValue, string>>>;

/**
 * Fills in a page.
 *
 * @throws Error when the function does not have the page, or a value is missing that it shows
 */
export function renderPage(file: PageFile, name: PageName, language: Language, values: PageValues): string {
  const page = file.pages[name]?.[language];
  if (page === undefined) throw new Error(`this function does not have the page ${name}`);
  const frames = (signedInPages.includes(name) && file.signedInFrames) || file.frames;
  return renderFrame(frames, language, values, {
    title: fillIn(page.title, values),
    head: fillIn(page.head, values),
    content: fillIn(page.content, values),
  });
}

/**
 * Puts a page of one's own into the frame that all pages share.
 *
 * @param parts HTML, which goes in as it is: whoever makes it has escaped what it is made of
 * @throws Error when a value is missing that the frame shows
 */
export function renderFrame(
  frames: PageFile['frames'],
  language: Language,
  values: PageValues,
  parts: Readonly<Record<PagePart, string>>,
): string {
  return fillIn(frames[language], values, parts);
}

function fillIn(
  html: Html,
  values: PageValues,
  parts: Readonly<Partial<Record<PagePart, string>>> = {},
): string {
  const textOf = (piece: Html[number]): string | undefined => {
    if (typeof piece === 'string') return piece;
    if ('part' in piece) return parts[piece.part];
    const value = values[piece.value];
    return value === undefined ? undefined : escapeHtml(value);
  };
  return html
    .map((piece) => {
      const text = textOf(piece);
      if (text === undefined) throw new Error(`a page lacks ${JSON.stringify(piece)}`);
      return text;
    })
    .join('');
}

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
