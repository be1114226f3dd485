import type { SealedPlace } from '../../core/flow/seal-place.ts';
import type { Abortable, PlaceStore } from '../../core/ports.ts';
import { untilAborted } from '../abortable-client.ts';
import { PutItemCommand } from './commands.ts';
import { type Item, number, string, timeToLive } from './item.ts';
import { type DynamoDb, dynamoDbRequest, getItem } from './request.ts';

/**
 * Kept places in the table `login-attempts`, so that no sign-out deletes them: one item per user. Its key begins with `place#`,
 * which the hash of a state can't contain. `valid_until` is the expiry in milliseconds, and `expires_at` is for DynamoDB's time
 * to live.
 */
export class DynamoDbPlaceStore implements PlaceStore, Abortable<PlaceStore> {
  readonly #client: DynamoDb;
  readonly #tableName: string;

  constructor(client: DynamoDb, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  withSignal(signal: AbortSignal): PlaceStore {
    return new DynamoDbPlaceStore(untilAborted(this.#client, signal), this.#tableName);
  }

  async put(place: SealedPlace): Promise<void> {
    await dynamoDbRequest('PutItem of a kept place', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: {
            ...itemKey(place.key),
            sealed_payload: { B: place.sealedPayload },
            schema_version: number(place.schemaVersion),
            valid_until: number(place.expiresAt),
            expires_at: timeToLive(place.expiresAt),
          },
        }),
      ),
    );
  }

  async read(key: string): Promise<SealedPlace | undefined> {
    const item = await getItem(this.#client, 'GetItem of a kept place', this.#tableName, itemKey(key));
    return (
      item && {
        key,
        sealedPayload: item.bytes('sealed_payload'),
        schemaVersion: item.integer('schema_version'),
        expiresAt: item.integer('valid_until'),
      }
    );
  }
}

function itemKey(key: string): Item {
  return { state_hash: string(`place#${key}`) };
}
