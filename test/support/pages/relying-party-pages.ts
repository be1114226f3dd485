import type { CataloguedPage } from './catalogue.ts';

export const relyingPartyPages: readonly CataloguedPage[] = [];
