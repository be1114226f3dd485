import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';

/** A table whose items expire. */
export interface ExpiringTable {
  readonly name: string;
  readonly keyNames: readonly string[];
  /** The attribute with the end of an item, in seconds since the epoch. */
  readonly attribute: string;
}

/**
 * Deletes the items whose time is over, as DynamoDB does. An item that gets more time meanwhile stays.
 *
 * @param now seconds since the epoch
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export async function deleteExpired(
  client: DynamoDBClient,
  { name: TableName, keyNames, attribute }: ExpiringTable,
  now: number,
): Promise<void> {
  const names = Object.fromEntries(keyNames.map((keyName, index) => [`#key${index}`, keyName]));
  const isOver = {
    ExpressionAttributeNames: { '#end': attribute },
    ExpressionAttributeValues: { ':now': { N: `${now}` } },
  };
  const pages = paginateScan(
    { client },
    {
      TableName,
      ProjectionExpression: Object.keys(names).join(),
      FilterExpression: '#end < :now',
      ...isOver,
      ExpressionAttributeNames: { ...names, ...isOver.ExpressionAttributeNames },
    },
  );
  for await (const { Items: keys = [] } of pages) {
    for (const Key of keys) {
      await client
        .send(new DeleteItemCommand({ TableName, Key, ConditionExpression: '#end < :now', ...isOver }))
        .catch(ignoreChanged);
    }
  }
}

function ignoreChanged(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
