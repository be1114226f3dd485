import { readEnvironment } from '../environment.ts';
import { createLogger, writeLine } from '../telemetry/logger.ts';
import { variables } from './environment.ts';
import { createCollectAuditHandler } from './handler.ts';

const environment = readEnvironment(variables, process.env);

/** Called by CloudWatch Logs with lines of the other functions' logs. */
export const handler = createCollectAuditHandler({
  write: writeLine,
  logger: createLogger({ deployment: environment.deployment }),
});
