import { readFileSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';
import type { ExampleFrames } from '../example-service-pages.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createFrames } from './frames.ts';
import { createExampleService } from './handler.ts';

const environment = readEnvironment(['deployment', 'publicUrl'], process.env);
const frames: ExampleFrames = JSON.parse(readFileSync(new URL('frames.json', import.meta.url), 'utf8'));

/** `GET /` and others: the example service */
export const handler = createExampleService({
  publicUrl: environment.publicUrl,
  frames: createFrames(frames, environment.publicUrl),
  logger: createLogger({ deployment: environment.deployment }),
  // Longer than a service should wait: the function that is asked may be starting, and nobody depends on this one.
  timeout: 15_000,
});
