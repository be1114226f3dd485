import { readCertificateEnd } from '../adapters/http/certificate.ts';
import { HttpsProviderClient } from '../adapters/http/https-provider-client.ts';
import { SystemClock } from '../adapters/system-clock.ts';
import { readEnvironment } from '../environment.ts';
import { readStrings } from '../settings.ts';
import { createLogger } from '../telemetry/logger.ts';
import { variables } from './environment.ts';
import { createCanaryHandler } from './handler.ts';

const { publicUrl, issuer, discoveryUrl, signingKeyId, ...environment } = readEnvironment(
  variables,
  process.env,
);

/** Examines the deployment from outside: run by a schedule, and once when it is deployed for the first time. */
export const handler = createCanaryHandler({
  client: new HttpsProviderClient(`${environment.userAgent} canary`),
  readCertificateEnd,
  clock: new SystemClock(),
  logger: createLogger({ deployment: environment.deployment }),
  settings: {
    publicUrl,
    issuer,
    discoveryUrl,
    signingKeyId,
    paths: readStrings(environment.canaryPaths),
  },
});
