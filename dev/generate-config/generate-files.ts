import { readFileSync } from 'node:fs';
import { configSchema } from '../../lib/config/read-schema.ts';
import { fillReferencePage } from './reference-page.ts';
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
