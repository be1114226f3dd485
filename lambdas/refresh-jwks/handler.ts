import type { CloudFormationCustomResourceEvent, ScheduledEvent } from 'aws-lambda';
import { RelyingPartyError } from '../core/errors.ts';
import { type RefreshDependencies, refreshDocuments } from '../core/flow/refresh-documents.ts';
import { handleCustomResource } from '../custom-resource/handle-custom-resource.ts';
import { describeUnknownError, type Logger } from '../http/logger.ts';

export interface RefreshJwksHandlerDependencies extends RefreshDependencies {
  readonly logger: Logger;
}

/**
 * Refreshes discovery and JWKS: by schedule, and once for every deployment, as a custom resource, which fails the
 * deployment when the provider can't be reached as configured.
 *
 * @throws whatever failed, so that the invocation counts as an error: the stored copies stay as they are
 */
export function createRefreshJwksHandler(dependencies: RefreshJwksHandlerDependencies) {
  return async (event: ScheduledEvent | CloudFormationCustomResourceEvent): Promise<void> => {
    if (!('RequestType' in event)) {
      await refresh(dependencies, { force: false });
      return;
    }
    await handleCustomResource(event, async ({ RequestType }) => {
      if (RequestType !== 'Delete') await refresh(dependencies, { force: true });
      return { physicalResourceId: 'provider-documents' };
    });
  };
}

async function refresh(
  dependencies: RefreshJwksHandlerDependencies,
  options: { force: boolean },
): Promise<void> {
  const { logger } = dependencies;
  try {
    for (const { document, refreshed, keyIds } of await refreshDocuments(dependencies, options)) {
      if (refreshed) logger.log('info', 'refreshed', { document, ...(keyIds ? { key_ids: keyIds } : {}) });
    }
  } catch (error) {
    logger.log('error', 'refresh_failed', {
      route: 'refresh-jwks',
      ...(error instanceof RelyingPartyError
        ? { code: error.code, fault: error.definition.fault, message: error.message }
        : describeUnknownError(error)),
    });
    throw error;
  }
}
