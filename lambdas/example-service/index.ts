import { buildCookieNames } from '../core/session/cookie-names.ts';
import { readEnvironment } from '../environment.ts';
import { createLogger } from '../telemetry/logger.ts';
import { variables } from './environment.ts';
import { createFrames, readFrames } from './frames.ts';
import { createExampleService } from './handler.ts';

const environment = readEnvironment(variables, process.env);

/** `GET /` and others: the example service */
export const handler = createExampleService({
  publicUrl: environment.publicUrl,
  sessionCookie: buildCookieNames(environment.cookieName).session,
  frames: createFrames(readFrames, environment.publicUrl),
  logger: createLogger({ deployment: environment.deployment }),
  // Longer than a service should wait: the requested function may be starting, and no service depends on this one.
  timeout: 15_000,
});
