import { randomUUID } from 'node:crypto';
import {
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  ProviderDocument,
  ProviderDocumentName,
  ProviderDocumentStore,
  RefreshBudget,
} from '../../core/ports.ts';
import { ItemReader, number, string } from './item.ts';
import { conditionalWrite, dynamoDbRequest } from './request.ts';

const names: Readonly<Record<ProviderDocument['name'], true>> = {
  discovery: true,
  jwks: true,
  did: true,
  'id-token-key': true,
};

const documentsPartition = 'documents';
const refreshPartition = 'refresh';

/**
 * One Login's documents in the table `provider-documents`: the partition `documents` holds the last good copy
 * of each (`discovery`, `jwks`, `did`) and the id of the key in use (`id-token-key`), so that one query reads them all; the partition `refresh` holds when
 * each budget (`<document>#<budget>`) was last used. Times are in milliseconds.
 */
export class DynamoDbProviderDocumentStore implements ProviderDocumentStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /**
   * Passes over documents that this version does not know: during a deployment a newer one may write them.
   */
  async readAll(): Promise<readonly ProviderDocument[]> {
    const { Items: items = [] } = await dynamoDbRequest("Query of One Login's documents", () =>
      this.#client.send(
        new QueryCommand({
          TableName: this.#tableName,
          ConsistentRead: true,
          KeyConditionExpression: '#partition = :documents',
          ExpressionAttributeNames: { '#partition': 'partition' },
          ExpressionAttributeValues: { ':documents': string(documentsPartition) },
        }),
      ),
    );
    return items.flatMap((item) => documentOf(new ItemReader(this.#tableName, item)));
  }

  async put(document: ProviderDocument): Promise<boolean> {
    const written = await conditionalWrite('PutItem of a document of One Login', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: {
            partition: string(documentsPartition),
            item: string(document.name),
            body: string(document.body),
            fetched_at: number(document.fetchedAt),
            fresh_until: number(document.freshUntil),
          },
          ConditionExpression: 'attribute_not_exists(fetched_at) OR fetched_at <= :fetched',
          ExpressionAttributeValues: { ':fetched': number(document.fetchedAt) },
        }),
      ),
    );
    return written !== undefined;
  }

  async claimRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    now: number,
    intervalMilliseconds: number,
  ): Promise<boolean> {
    const call = string(randomUUID());
    const claimed = await conditionalWrite('UpdateItem of a refresh budget', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: { partition: string(refreshPartition), item: string(`${name}#${budget}`) },
          // The SDK repeats a request whose answer was lost: `call` keeps the claim from being lost with it,
          // when nobody would refresh until the next one.
          ConditionExpression: 'attribute_not_exists(claimed_at) OR claimed_at <= :due OR #call = :call',
          UpdateExpression: 'SET claimed_at = :now, #call = :call',
          ExpressionAttributeNames: { '#call': 'call' },
          ExpressionAttributeValues: {
            ':now': number(now),
            ':due': number(now - intervalMilliseconds),
            ':call': call,
          },
        }),
      ),
    );
    return claimed !== undefined;
  }
}

function documentOf(item: ItemReader): readonly ProviderDocument[] {
  const name = item.string('item');
  if (!isDocumentName(name)) return [];
  return [
    {
      name,
      body: item.string('body'),
      fetchedAt: item.integer('fetched_at'),
      freshUntil: item.integer('fresh_until'),
    },
  ];
}

function isDocumentName(name: string): name is ProviderDocument['name'] {
  return Object.hasOwn(names, name);
}
