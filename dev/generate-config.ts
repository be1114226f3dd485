/**
 * Writes the types and the reference page of the config from `config/schema.json`. Run it after a change there.
 *
 *   npm run generate
 */
import { writeFileSync } from 'node:fs';
import { generateFiles } from './generate-config/generate-files.ts';

for (const { path, text } of generateFiles()) writeFileSync(path, text);
