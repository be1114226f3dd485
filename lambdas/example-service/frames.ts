import type { ExampleFrames } from '../example-service-pages.ts';
import { escapeHtml, renderFrame } from '../http/pages/page.ts';
import type { Language } from '../http/pages/page-file.ts';
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
  readonly serviceNames: ExampleFrames['serviceNames'];
  /** @returns the whole HTML page */
  render(request: FrameRequest): string;
}

/** @param publicUrl the outside URL up to and with `/auth` */
export function createFrames(
  { serviceNames, signedOut, signedIn }: ExampleFrames,
  publicUrl: string,
): Frames {
  return {
    serviceNames,
    render: ({ language, isSignedIn, title, content, languageUrl }) =>
      renderFrame(
        isSignedIn ? signedIn : signedOut,
        language,
        { publicUrl, languageUrl },
        { title: escapeHtml(title), head: '', content: content.text },
      ),
  };
}
