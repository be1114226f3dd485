import type { Language } from './core/language.ts';
import type { PageFile } from './http/pages/page-file.ts';

/** The paths of the example service. `lib/example-service` creates a route for each. */
export const paths = ['/', '/account', '/application', '/identity-result', '/session'] as const;
export type Path = (typeof paths)[number];

/**
 * The frames of its pages: the contents of `frames.json` beside the bundle, which `lib/example-service` writes when the app is
 * synthesised.
 */
export interface ExampleFrames {
  readonly serviceNames: Readonly<Record<Language, string>>;
  readonly signedOut: PageFile['frames'];
  /** With the One Login service header. */
  readonly signedIn: PageFile['frames'];
}
