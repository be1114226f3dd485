/**
 * Writes the figures of docs/scale.md: the first wall for each rate of sign-ins, and what the refresh of One Login's documents
 * takes, simulated. Run it after a change of what a step uses, of a quota or of the refresh.
 *
 *   npm run scale
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fillPage } from './generate/fill-page.ts';
import { buildRotationPart, buildWallParts } from './scale/fill-page.ts';
import { readScaleConfig, simulateAll } from './scale/measure.ts';

const page = new URL('../docs/scale.md', import.meta.url);
const parts = { ...buildWallParts(readScaleConfig()), ...buildRotationPart(await simulateAll()) };
writeFileSync(page, fillPage(readFileSync(page, 'utf8'), parts));
