import type { Language } from './core/language.ts';
import type { PageFile } from './http/pages/page-file.ts';

/** The pages of the example service, below the service's own address: `lib/example-service` makes a route of each. */
export const paths = ['/', '/account', '/application', '/identity-result', '/session'] as const;
export type Path = (typeof paths)[number];

/**
 * What stands around its pages, as it lies beside the bundle in `frames.json`: `lib/example-service` writes it when the
 * app is synthesised.
 */
export interface ExampleFrames {
  readonly serviceNames: Readonly<Record<Language, string>>;
  readonly signedOut: PageFile['frames'];
  /** With the One Login service header. */
  readonly signedIn: PageFile['frames'];
}
