/**
 * Writes the figures of docs/scale.md: the first wall for each rate of sign-ins, and what the refresh of One Login's documents
 * takes, simulated. Run it after a change of what a step uses, of a quota or of the refresh.
 *
 *   npm run scale
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fillScalePage } from './scale/fill-page.ts';
import { readScaleConfig, simulateAll } from './scale/measure.ts';

const page = new URL('../docs/scale.md', import.meta.url);
writeFileSync(page, fillScalePage(readFileSync(page, 'utf8'), readScaleConfig(), await simulateAll()));
