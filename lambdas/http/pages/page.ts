import type { Language } from '../../core/language.ts';
import {
  type Html,
  type PageFile,
  type PageName,
  type PagePart,
  type PageValue,
  signedInPages,
} from './page-file.ts';

export type PageValues = Readonly<Partial<Record<PageValue, string>>>;

/**
 * Renders a page.
 *
 * @throws Error when the function does not have the page, or a value of the page is missing
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
 * Renders other content in the frame that all pages share.
 *
 * @param parts HTML, in which all values must be escaped already
 * @throws Error when a value of the frame is missing
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
  const renderPiece = (piece: Html[number]): string | undefined => {
    if (typeof piece === 'string') return piece;
    if ('part' in piece) return parts[piece.part];
    const value = values[piece.value];
    return value === undefined ? undefined : escapeHtml(value);
  };
  return html
    .map((piece) => {
      const text = renderPiece(piece);
      if (text === undefined) throw new Error(`a page lacks ${JSON.stringify(piece)}`);
      return text;
    })
    .join('');
}

/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
