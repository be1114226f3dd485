import type { CloudFormationCustomResourceEvent, Context, ScheduledEvent } from 'aws-lambda';
import type { Abortable, Clock, ProviderClient } from '../core/ports.ts';
import { handleCustomResource } from '../custom-resource/handle-custom-resource.ts';
import { withinTime } from '../http/within-time.ts';
import { describeUnknownError, type Logger } from '../telemetry/logger.ts';
import type { CanaryStep } from '../telemetry/metrics.ts';
import { type CanarySettings, examine, readFailureMessage } from './examine.ts';

export interface CanaryDependencies {
  readonly client: Abortable<ProviderClient>;
  readonly readCertificateEnd: (url: string, signal: AbortSignal) => Promise<number>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: CanarySettings;
}

/** Users cannot sign in when one of these fails. The functions have copies of the discovery document. */
const needed: readonly CanaryStep[] = ['jwks', 'login', 'authorize', 'callback'];

/** The time between two runs, in milliseconds. */
const interval = 5 * 60 * 1000;

/**
 * Creates the handler of the canary, which examines the deployment at each run of a schedule. A failure is a metric and a
 * line in the log, and no error of the function.
 *
 * As a custom resource it writes zeros for the time before the first run, because its alarm would take missing values for
 * failures.
 */
export function createCanaryHandler(dependencies: CanaryDependencies) {
  const { client, clock, logger, readCertificateEnd, settings } = dependencies;

  async function run(signal: AbortSignal): Promise<void> {
    const { steps, certificateDays } = await examine({
      client: client.withSignal(signal),
      readCertificateEnd: (url) => readCertificateEnd(url, signal),
      clock,
      settings,
      onFailure: (step, error, route) => {
        const message = readFailureMessage(error);
        logger.log('error', 'canary_failed', {
          step,
          ...(route === undefined ? {} : { route }),
          ...(message === undefined ? describeUnknownError(error) : { message }),
        });
      },
    });
    for (const [step, failed] of steps) logger.metric({ canary_step_failed: Number(failed) }, { step });
    logger.metric({ canary_failed: Number(needed.some((step) => steps.get(step))) }, {});
    if (certificateDays !== undefined) logger.metric({ certificate_days: certificateDays }, {});
  }

  return async (
    event: ScheduledEvent | CloudFormationCustomResourceEvent,
    context: Partial<Pick<Context, 'getRemainingTimeInMillis'>>,
  ): Promise<void> => {
    if (!('RequestType' in event)) return withinTime(context, run);
    await handleCustomResource(event, async ({ RequestType }) => {
      if (RequestType === 'Create') {
        for (const periods of [2, 1, 0]) {
          logger.metric({ canary_failed: 0 }, {}, clock.now() - periods * interval);
        }
      }
      return { physicalResourceId: 'canary' };
    });
  };
}
