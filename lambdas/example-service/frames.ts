import { readFileSync } from 'node:fs';
import type { Language } from '../core/language.ts';
import type { ExampleFrames } from '../example-service-pages.ts';
import { escapeHtml, renderFrame } from '../http/pages/page.ts';
import type { Html } from './html.ts';

/** What stands around a page. */
export interface FrameRequest {
  readonly language: Language;
  /** With it comes the One Login service header, by which the user signs out. */
  readonly isSignedIn: boolean;
  /** In the window's title. */
  readonly title: string;
  readonly content: Html;
  /** Where the page is in the other language. */
  readonly languageUrl: string;
}

export interface Frames {
  serviceName(language: Language): string;
  /** @returns the whole HTML page */
  render(request: FrameRequest): string;
}

/**
 * The frames of a file, which is read when the first page is shown.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function createFrames(read: () => ExampleFrames, publicUrl: string): Frames {
  let known: ExampleFrames | undefined;
  const file = () => {
    known ??= read();
    return known;
  };
  return {
    serviceName: (language) => file().serviceNames[language],
    render: ({ language, isSignedIn, title, content, languageUrl }) =>
      renderFrame(
        isSignedIn ? file().signedIn : file().signedOut,
        language,
        { publicUrl, languageUrl },
        { title: escapeHtml(title), head: '', content: content.text },
      ),
  };
}

/** Reads `frames.json` beside the bundle that this is part of. */
export function readFrames(): ExampleFrames {
  return JSON.parse(readFileSync(new URL('frames.json', import.meta.url), 'utf8'));
}
