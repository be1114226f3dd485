import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '../../lib/config/read-schema.ts';
import { packageRoot } from '../../lib/package-root.ts';
import { fillPage } from './fill-page.ts';
import { fillReferencePage } from './reference-page.ts';
import { generatedTables } from './tables.ts';
import { renderTypes } from './types.ts';

/** Returns the files that are generated from `config/schema.json`, as they should be. */
export function generateFiles(): readonly { readonly path: URL; readonly text: string }[] {
  const types = new URL('../../lib/config/deployment-config.ts', import.meta.url);
  const page = new URL('../../docs/configuration.md', import.meta.url);
  return [
    { path: types, text: renderTypes(configSchema) },
    { path: page, text: fillReferencePage(readFileSync(page, 'utf8'), configSchema) },
  ];
}

/** Returns the pages that have generated tables, as they should be. */
export function generatePages(): readonly { readonly path: string; readonly text: string }[] {
  const pages = new Map<string, Record<string, string>>();
  for (const { page, name, render } of generatedTables) {
    pages.set(page, { ...pages.get(page), [name]: render() });
  }
  return [...pages].map(([page, parts]) => {
    const path = join(packageRoot, page);
    return { path, text: fillPage(readFileSync(path, 'utf8'), parts) };
  });
}
