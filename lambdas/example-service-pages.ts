import type { Language } from './core/language.ts';
import type { PageFile } from './http/pages/page-file.ts';

/** The paths of the example service. `lib/example-service` creates a route for each. */
export const paths = ['/', '/account', '/application', '/identity-result', '/session'] as const;
export type Path = (typeof paths)[number];

/** The paths of its protected API, which returns JSON to users whom an authorizer lets in. */
export const apiPaths = ['/api/account', '/api/identity'] as const;
export type ApiPath = (typeof apiPaths)[number];

/**
 * What its pages take from the config: the contents of `frames.json` beside the bundle, which `lib/example-service` writes when the app is
 * synthesised.
 */
export interface ExampleFrames {
  /** The paths of the protected API for which the deployment has an authorizer. */
  readonly apiPaths: readonly ApiPath[];
  readonly serviceNames: Readonly<Record<Language, string>>;
  readonly signedOut: PageFile['frames'];
  /** With the One Login service header. */
  readonly signedIn: PageFile['frames'];
}
