import type { QueryInput } from '@aws-sdk/client-dynamodb';
import { RelyingPartyError, readErrorName } from '../../core/errors.ts';
import type { AwsSender } from '../aws/aws-service.ts';
import { GetItemCommand, QueryCommand } from './commands.ts';
import { type Item, ItemReader } from './item.ts';

export type DynamoDb = AwsSender<'dynamodb'>;

/**
 * Sends one request to DynamoDB and wraps its failures.
 *
 * @param operation the operation and the table, for the message. Never a key or a value
 * @throws RelyingPartyError `dynamodb_unavailable`, with the error of the client as its cause
 */
export async function dynamoDbRequest<Output>(
  operation: string,
  send: () => Promise<Output>,
): Promise<Output> {
  try {
    return await send();
  } catch (error) {
    throw unavailable(operation, error);
  }
}

/**
 * Sends one conditional write.
 *
 * @param operation as for {@link dynamoDbRequest}
 * @returns undefined when the condition failed and nothing was written
 * @throws RelyingPartyError `dynamodb_unavailable`
 */
export async function conditionalWrite<Output>(
  operation: string,
  send: () => Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await send();
  } catch (error) {
    if (readErrorName(error) === 'ConditionalCheckFailedException') return undefined;
    throw unavailable(operation, error);
  }
}

/**
 * Reads one item, consistently. A response without an item must contain the consumed capacity. Otherwise a body that was
 * lost on the way would mean that there is no item.
 *
 * @returns undefined when there is none
 * @throws RelyingPartyError `dynamodb_unavailable`
 */
export async function getItem(
  client: DynamoDb,
  operation: string,
  TableName: string,
  Key: Item,
): Promise<ItemReader | undefined> {
  const { Item: item, ConsumedCapacity } = await dynamoDbRequest(operation, () =>
    client.send(
      new GetItemCommand({ TableName, Key, ConsistentRead: true, ReturnConsumedCapacity: 'TOTAL' }),
    ),
  );
  if (item === undefined && ConsumedCapacity === undefined) throw malformedAnswer(operation);
  if (item === undefined) return undefined;
  if (!isItem(item)) throw malformedAnswer(operation);
  return new ItemReader(TableName, item);
}

/**
 * Reads one page of items of a partition, consistently.
 *
 * @returns the items, and whether DynamoDB has read all of the partition
 * @throws RelyingPartyError `dynamodb_unavailable`, also for a response without a list
 */
export async function queryItems(
  client: DynamoDb,
  operation: string,
  input: QueryInput,
): Promise<{ readonly items: readonly Item[]; readonly isLast: boolean }> {
  const { Items: items, LastEvaluatedKey: last } = await dynamoDbRequest(operation, () =>
    client.send(new QueryCommand({ ...input, ConsistentRead: true })),
  );
  if (!Array.isArray(items) || !items.every(isItem)) throw malformedAnswer(operation);
  return { items, isLast: last === undefined };
}

/** The error for a response with status 200 that is not one to the operation. */
export function malformedAnswer(operation: string): RelyingPartyError {
  return new RelyingPartyError('dynamodb_unavailable', `the response to ${operation} is malformed`);
}

export function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unavailable(operation: string, cause: unknown): RelyingPartyError {
  if (cause instanceof RelyingPartyError) return cause;
  return new RelyingPartyError('dynamodb_unavailable', `${operation} failed: ${readErrorName(cause)}`, {
    cause,
  });
}

/** Gives a cleanup after a request, whose time may be over, a second of its own. */
export function createCleanupOptions(): { readonly abortSignal: AbortSignal } {
  return { abortSignal: AbortSignal.timeout(1000) };
}
