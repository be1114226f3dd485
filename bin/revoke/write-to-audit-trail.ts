import { randomUUID } from 'node:crypto';
import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AuditEvent } from '../../lambdas/core/audit.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { findLogGroup } from './find-resources.ts';

/**
 * Writes one event into a deployment's audit trail in the functions' format, in its own stream.
 *
 * @param now milliseconds since the epoch
 */
export async function writeToAuditTrail(
  client: CloudWatchLogsClient,
  config: Pick<DeploymentConfig, 'name' | 'region'>,
  event: AuditEvent,
  now: number,
): Promise<void> {
  const logGroupName = await findLogGroup(client, config);
  const id = randomUUID();
  const lines: string[] = [];
  createLogger({ deployment: config.name, write: (line) => lines.push(line), now: () => now }).audit(
    event,
    id,
  );
  const logStreamName = `operator/${id}`;
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await client.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: lines.map((message) => ({ timestamp: now, message })),
    }),
  );
}
