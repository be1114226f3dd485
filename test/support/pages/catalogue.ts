import { exampleServicePages } from './example-service-pages.ts';
import { gatewayPages } from './gateway-pages.ts';
import { routePages } from './route-pages.ts';
import { standInPages } from './stand-in-pages.ts';
import type { Language, Visit } from './visit.ts';

/** A page, and how a user reaches it. */
export interface CataloguedPage {
  /** In kebab-case, for tests and screenshots. */
  readonly name: string;
  readonly languages: readonly Language[];
  /** Its HTTP status. */
  readonly status: number;
  /** Whether it is in the language that the browser prefers, because nothing else sets one. @default false */
  readonly usesBrowserLanguage?: boolean;
  /** Whether another page is there at the next request, as after an outage. @default false */
  readonly isShownOnce?: boolean;
  /** The stand-in's function that makes it, or the path at which the example service has it. */
  readonly madeBy?: string;
  /** Goes there as users do, in a browser without cookies. */
  open(visit: Visit): Promise<unknown>;
}

/** What has pages. */
export const sites = ['relying-party', 'example-service', 'stand-in'] as const;
export type Site = (typeof sites)[number];

/** Every page that the relying party, the example service and the stand-in can show. */
export const catalogue: Readonly<Record<Site, readonly CataloguedPage[]>> = {
  'relying-party': [...routePages, ...gatewayPages],
  'example-service': exampleServicePages,
  'stand-in': standInPages,
};
