import type { CataloguedPage } from './catalogue.ts';

export const exampleServicePages: readonly CataloguedPage[] = [];
