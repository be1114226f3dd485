import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createDynamoDbClient } from '../../../local/aws/clients.ts';
import type { Service } from '../service.ts';

/** Makes of every session an item that the functions did not write. */
export async function spoilSessions(service: Service): Promise<void> {
  const client = createDynamoDbClient(service.dynamodb.url, 'eu-west-2');
  const TableName = service.tableName('Sessions');
  try {
    for (const { subject_key, item } of await service.sessionRows()) {
      const Key = { subject_key: { S: subject_key?.S ?? '' }, item: { S: item?.S ?? '' } };
      await client.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: 'REMOVE schema_version' }));
    }
  } finally {
    client.destroy();
  }
}
