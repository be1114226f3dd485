import { randomUUID } from 'node:crypto';
import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import type { AuditEvent } from '../../lambdas/core/audit.ts';
import { createLogger } from '../../lambdas/telemetry/logger.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { auditLogGroupPrefix, onlyOne } from './deployment.ts';

/**
 * Writes one event into a deployment's audit trail, as the functions would, in a stream of its own.
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

async function findLogGroup(
  client: CloudWatchLogsClient,
  config: Pick<DeploymentConfig, 'name' | 'region'>,
): Promise<string> {
  const logGroupNamePrefix = auditLogGroupPrefix(config);
  const names: string[] = [];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
    names.push(...logGroups.flatMap(({ logGroupName }) => logGroupName ?? []));
  }
  return onlyOne(
    `log group in ${config.region} whose name begins with ${logGroupNamePrefix}`,
    names,
    'Note by hand what was done.',
  );
}
