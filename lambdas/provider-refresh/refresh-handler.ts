import type { CloudFormationCustomResourceEvent, ScheduledEvent } from 'aws-lambda';
import type { Refresh, RefreshOptions, RefreshResult } from '../core/flow/refresh-documents.ts';
import type { ProviderDocumentName } from '../core/one-login/messages.ts';
import type { Clock } from '../core/ports.ts';
import { handleCustomResource } from '../custom-resource/handle-custom-resource.ts';
import { retryWhileAccessDenied } from '../custom-resource/retry-while-access-denied.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

export interface RefreshHandlerDependencies {
  readonly refresh: Refresh;
  /** The dimension of the metric for failures. */
  readonly document: ProviderDocumentName;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Creates the handler of a function that refreshes documents of the provider. It runs by a schedule, and as a custom resource
 * at the first deployment and when the provider changes. The deployment fails when the provider can't be reached, unless valid
 * copies are stored: otherwise CloudFormation could not roll back while the provider is down.
 *
 * @throws the failure, so that the invocation counts as an error. The stored copies are unchanged
 */
export function createRefreshHandler(handlerDependencies: RefreshHandlerDependencies) {
  const dependencies = { ...handlerDependencies, fetchedAt: new Map<ProviderDocumentName, number>() };
  return async (event: ScheduledEvent | CloudFormationCustomResourceEvent): Promise<void> => {
    if (!('RequestType' in event)) {
      const { failure } = await refreshAndReport(dependencies, { force: false });
      if (failure !== undefined) throw failure;
      return;
    }
    await handleCustomResource(event, async ({ RequestType }) => {
      if (RequestType !== 'Delete') {
        await retryWhileAccessDenied(async () => {
          const { failure, hasValidCopies = false } = await refreshAndReport(dependencies, { force: true });
          if (failure !== undefined && !hasValidCopies) throw failure;
        }, dependencies.clock);
      }
      return { physicalResourceId: `provider-document-${dependencies.document}` };
    });
  };
}

interface RefreshAndReportDependencies extends RefreshHandlerDependencies {
  /** When each stored copy was fetched, if this instance has read it. Used when the copies can't be read. */
  readonly fetchedAt: Map<ProviderDocumentName, number>;
}

async function refreshAndReport(
  { refresh, document: group, clock, logger, fetchedAt }: RefreshAndReportDependencies,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const result = await refresh(options).finally(() => logger.flush());
  const { reports, failure } = result;
  for (const { document, age } of reports) fetchedAt.set(document, clock.now() - age);
  for (const [document, at] of fetchedAt) {
    logger.metric({ document_age: Math.round((clock.now() - at) / 1000) }, { document });
  }
  for (const { document, changedKeyIds } of reports) {
    if (changedKeyIds === undefined) continue;
    logger.log('info', 'key_set_changed', { document, key_ids: changedKeyIds });
    logger.metric({ key_set_changed: 1 }, { document });
  }
  if (failure === undefined) return result;
  logger.metric({ refresh_failed: 1 }, { document: group });
  logger.log('error', 'refresh_failed', {
    document: group,
    ...describeError(failure),
  });
  return result;
}
