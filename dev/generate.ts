/**
 * Writes what follows from the code: the types and the reference page of the config from `config/schema.json`, and the tables of
 * `dev/generate/tables.ts` in other pages.
 *
 *   npm run generate
 */
import { writeFileSync } from 'node:fs';
import { generateFiles, generatePages } from './generate/generate-files.ts';

for (const { path, text } of [...generateFiles(), ...generatePages()]) writeFileSync(path, text);
