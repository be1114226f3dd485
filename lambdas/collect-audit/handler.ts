import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import type { Logger } from '../telemetry/logger.ts';
import { readAuditLine } from './audit-line.ts';

export interface CollectAuditDependencies {
  /** Writes a line to the function's own log, which is the audit trail. */
  readonly write: (line: string) => void;
  readonly logger: Logger;
}

/**
 * Copies the lines of the audit trail from the logs of the other functions, which CloudWatch delivers in batches, into its
 * own log. A batch may be delivered more than once: the copies have the same `event_id`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function createCollectAuditHandler({ write, logger }: CollectAuditDependencies) {
  return async (event: CloudWatchLogsEvent): Promise<void> => {
    const { messageType, logEvents } = decode(event.awslogs.data);
    // CloudWatch also sends control messages, to check that the function can be reached.
    if (messageType !== 'DATA_MESSAGE') return;
    for (const { id, message } of logEvents) {
      const collected = readAuditLine(message, id);
      if (collected.kind === 'audit') write(collected.line);
      if (collected.kind === 'malformed') {
        const problem = `the field "${collected.field}" of an audit line is malformed`;
        logger.log('error', 'audit_line_refused', { message: problem });
        logger.metric({ audit_lines_refused: 1 }, {});
      }
    }
  };
}

/** Bytes, far above a batch of CloudWatch Logs. A larger batch is not unpacked. */
const longestBatch = 33_554_432;

/** @throws Error that quotes nothing of the event */
function decode(data: string): CloudWatchLogsDecodedData {
  try {
    return JSON.parse(
      gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: longestBatch }).toString('utf8'),
    );
  } catch {
    throw new Error('the event is not a batch of lines as CloudWatch Logs sends it');
  }
}
