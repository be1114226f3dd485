/** `node dev/game-day/record.ts`: makes every kind of visit in a deployment on this machine, and stores the metrics in its logs. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cachedAssembly } from '../../test/synthesis/assembly-cache.ts';
import { recordedConfig, recordVisits } from './record-visits.ts';
import { recordingsFile } from './recording.ts';

const recordings = await recordVisits(await cachedAssembly(recordedConfig()));
writeFileSync(recordingsFile, JSON.stringify(recordings));
execFileSync('npx', ['biome', 'check', '--write', fileURLToPath(recordingsFile)], { stdio: 'inherit' });
