import { exampleServicePages } from './example-service-pages.ts';
import { gatewayPages } from './gateway-pages.ts';
import { routePages } from './route-pages.ts';
import { standInPages } from './stand-in-pages.ts';
import type { Language, Visit } from './visit.ts';

/** A page that somebody can come to, and how. */
export interface CataloguedPage {
  /** In kebab-case; what tests and screenshots call it. */
  readonly name: string;
  readonly languages: readonly Language[];
  /** The HTTP status that it comes with. */
  readonly status: number;
  /** Whether nothing but the browser's preference tells the language. @default false */
  readonly goesByBrowserLanguage?: boolean;
  /** The stand-in's function that makes it, or the path at which the example service has it. */
  readonly madeBy?: string;
  /** Goes there as people do, in a browser that has not been anywhere. */
  open(visit: Visit): Promise<unknown>;
}

/** Who makes the pages that people come to. */
export const sites = ['relying-party', 'example-service', 'stand-in'] as const;
export type Site = (typeof sites)[number];

/** Every page that the relying party, the example service and the stand-in can show. */
export const catalogue: Readonly<Record<Site, readonly CataloguedPage[]>> = {
  'relying-party': [...routePages, ...gatewayPages],
  'example-service': exampleServicePages,
  'stand-in': standInPages,
};
