import { readFileSync } from 'node:fs';
import type { Language } from '../core/language.ts';
import type { ApiPath, ExampleFrames } from '../example-service-pages.ts';
import { escapeHtml, renderFrame } from '../http/pages/page.ts';
import type { Html } from './html.ts';

export interface FrameRequest {
  readonly language: Language;
  /** Adds the One Login service header, with which the user signs out, and the session timeout dialog. */
  readonly isSignedIn: boolean;
  readonly title: string;
  readonly content: Html;
  /** The page in the other language. */
  readonly languageUrl: string;
}

export interface Frames {
  serviceName(language: Language): string;
  /** The paths of the protected API that exist. */
  apiPaths(): readonly ApiPath[];
  /** @returns the whole HTML page */
  render(request: FrameRequest): string;
}

/**
 * Reads the file when the first page is rendered.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
export function createFrames(read: () => ExampleFrames, publicUrl: string): Frames {
  const timeoutScript = `<script src="${new URL(publicUrl).pathname}/assets/session-timeout.js" defer></script>`;
  let known: ExampleFrames | undefined;
  const file = () => {
    known ??= read();
    return known;
  };
  return {
    serviceName: (language) => file().serviceNames[language],
    apiPaths: () => file().apiPaths,
    render: ({ language, isSignedIn, title, content, languageUrl }) =>
      renderFrame(
        isSignedIn ? file().signedIn : file().signedOut,
        language,
        { publicUrl, languageUrl },
        { title: escapeHtml(title), head: isSignedIn ? timeoutScript : '', content: content.text },
      ),
  };
}

/** Reads `frames.json` beside the bundle. */
export function readFrames(): ExampleFrames {
  return JSON.parse(readFileSync(new URL('frames.json', import.meta.url), 'utf8'));
}
