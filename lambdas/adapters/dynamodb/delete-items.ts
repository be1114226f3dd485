import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import { RelyingPartyError } from '../../core/errors.ts';
import { unwrap } from '../../core/flow/settled.ts';
import type { Clock } from '../../core/ports.ts';
import { BatchWriteItemCommand } from './commands.ts';
import type { Item } from './item.ts';
import { type DynamoDb, dynamoDbRequest, isItem, malformedAnswer } from './request.ts';

const operation = 'BatchWriteItem of deletions';

/** The limit of one BatchWriteItem. */
const batchSize = 25;

/** Milliseconds before each further try of the items that DynamoDB left unprocessed. */
const pauses = [50, 100, 200, 400, 800];

/**
 * Deletes the items with these keys in batches, which go out together. DynamoDB may process a part of a batch and return the rest, which is tried
 * again a few times.
 *
 * @throws RelyingPartyError `dynamodb_unavailable` when some items could not be deleted. Others may have been
 */
export async function deleteItems(
  client: DynamoDb,
  tableName: string,
  keys: readonly Item[],
  clock: Pick<Clock, 'wait'>,
): Promise<void> {
  const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
  const batches = Array.from({ length: Math.ceil(requests.length / batchSize) }, (_, index) =>
    requests.slice(index * batchSize, (index + 1) * batchSize),
  );
  // When one fails, the others have ended too, so that nothing is deleted after the response.
  const written = await Promise.allSettled(
    batches.map((batch) => writeBatch(client, tableName, batch, clock)),
  );
  written.forEach(unwrap);
}

async function writeBatch(
  client: DynamoDb,
  tableName: string,
  requests: WriteRequest[],
  clock: Pick<Clock, 'wait'>,
): Promise<void> {
  let left = await write(client, tableName, requests);
  for (const pause of pauses) {
    if (left.length === 0) return;
    await clock.wait(pause);
    left = await write(client, tableName, left);
  }
  if (left.length > 0) {
    throw new RelyingPartyError(
      'dynamodb_unavailable',
      `BatchWriteItem left ${left.length} items undeleted after ${pauses.length + 1} tries`,
    );
  }
}

/** @returns the unprocessed requests */
async function write(client: DynamoDb, tableName: string, requests: WriteRequest[]): Promise<WriteRequest[]> {
  const { UnprocessedItems: unprocessed } = await dynamoDbRequest(operation, () =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } })),
  );
  // Every response of DynamoDB contains it, empty when everything was processed.
  if (!isItem(unprocessed)) throw malformedAnswer(operation);
  return Object.values(unprocessed).flat();
}
