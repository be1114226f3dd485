import { randomUUID } from 'node:crypto';
import type { ProviderDocumentName } from '../../core/one-login/messages.ts';
import type { Abortable, ProviderDocument, ProviderDocumentStore, RefreshBudget } from '../../core/ports.ts';
import { untilAborted } from '../abortable-client.ts';
import { PutItemCommand, UpdateItemCommand } from './commands.ts';
import { ItemReader, number, string } from './item.ts';
import { conditionalWrite, createCleanupOptions, type DynamoDb, queryItems } from './request.ts';

const names: Readonly<Record<ProviderDocument['name'], true>> = {
  discovery: true,
  jwks: true,
  did: true,
  'id-token-key': true,
};

type OnNotStored = (name: ProviderDocument['name'], failure: unknown) => void;

const documentsPartition = 'documents';
const refreshPartition = 'refresh';

/**
 * One Login's documents in the table `provider-documents`. The partition `documents` contains the last valid copy of each
 * (`discovery`, `jwks`, `did`) and the id of the current signing key (`id-token-key`), so that one query reads them all.
 * The partition `refresh` contains when each budget (`<document>#<budget>`) was last used, and when it is free again.
 * Times are in milliseconds.
 */
export class DynamoDbProviderDocumentStore
  implements ProviderDocumentStore, Abortable<ProviderDocumentStore>
{
  readonly #client: DynamoDb;
  readonly #tableName: string;
  readonly #onNotStored: OnNotStored;

  /** @param onNotStored called when a document could not be stored, because sign-ins go on without it */
  constructor(client: DynamoDb, tableName: string, onNotStored: OnNotStored = () => undefined) {
    this.#client = client;
    this.#tableName = tableName;
    this.#onNotStored = onNotStored;
  }

  withSignal(signal: AbortSignal): ProviderDocumentStore {
    const client = untilAborted(this.#client, signal);
    return new DynamoDbProviderDocumentStore(client, this.#tableName, this.#onNotStored);
  }

  /** Ignores unknown documents, which a newer version may write during a deployment. */
  async readAll(): Promise<readonly ProviderDocument[]> {
    const { items } = await queryItems(this.#client, "Query of One Login's documents", {
      TableName: this.#tableName,
      KeyConditionExpression: '#partition = :documents',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: { ':documents': string(documentsPartition) },
    });
    return items.flatMap((item) => readDocument(new ItemReader(this.#tableName, item)));
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
    ).catch((failure: unknown) => {
      this.#onNotStored(document.name, failure);
      throw failure;
    });
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
          // The client repeats a request whose response was lost. `call` makes the repetition succeed as well. Otherwise the
          // document would not be refreshed until the next claim.
          ConditionExpression: 'attribute_not_exists(free_at) OR free_at <= :now OR #call = :call',
          UpdateExpression: 'SET claimed_at = :now, free_at = :free, #call = :call',
          ExpressionAttributeNames: { '#call': 'call' },
          ExpressionAttributeValues: {
            ':now': number(now),
            ':free': number(now + intervalMilliseconds),
            ':call': call,
          },
        }),
      ),
    );
    return claimed !== undefined;
  }

  async refreshClaimedAt(name: ProviderDocumentName, budget: RefreshBudget): Promise<number | undefined> {
    const {
      items: [item],
    } = await queryItems(this.#client, 'Query of a refresh budget', {
      TableName: this.#tableName,
      KeyConditionExpression: '#partition = :refresh AND #item = :budget',
      ExpressionAttributeNames: { '#partition': 'partition', '#item': 'item' },
      ExpressionAttributeValues: {
        ':refresh': string(refreshPartition),
        ':budget': string(`${name}#${budget}`),
      },
    });
    return item && new ItemReader(this.#tableName, item).integer('claimed_at');
  }

  async releaseRefresh(
    name: ProviderDocumentName,
    budget: RefreshBudget,
    claimedAt: number,
    freeAt: number,
  ): Promise<void> {
    await conditionalWrite('UpdateItem of a refresh budget', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: { partition: string(refreshPartition), item: string(`${name}#${budget}`) },
          ConditionExpression: 'claimed_at = :claimed',
          UpdateExpression: 'SET free_at = :free',
          ExpressionAttributeValues: { ':claimed': number(claimedAt), ':free': number(freeAt) },
        }),
        createCleanupOptions(),
      ),
    );
  }
}

function readDocument(item: ItemReader): readonly ProviderDocument[] {
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
