import { withSignal } from '../../core/flow/with-signal.ts';
import type { Abortable, Clock, SessionStore } from '../../core/ports.ts';
import type { SealedSession, SessionKey } from '../../core/session/session.ts';
import { untilAborted } from '../abortable-client.ts';
import { SystemClock } from '../system-clock.ts';
import { BatchGetItemCommand, DeleteItemCommand, PutItemCommand, UpdateItemCommand } from './commands.ts';
import { type Item, ItemReader, number, string, timeToLive } from './item.ts';
import {
  conditionalWrite,
  createCleanupOptions,
  type DynamoDb,
  dynamoDbRequest,
  getItem,
  isItem,
  malformedAnswer,
} from './request.ts';

/** The sort key of every session begins with this, and no other sort key does. */
export const sessionPrefix = 'session#';
const markItem = 'revoked-before';

const marksOperation = 'BatchGetItem of revocation marks';
/** Milliseconds before marks are read again that DynamoDB has left unprocessed. */
const markPause = 50;

/** What most functions need. `DynamoDbUserSessionStore` has the rest. */
type StoreOfOneSession = Omit<SessionStore, 'deleteAll' | 'rememberJti'>;

/**
 * Sessions, "revoked before" marks and the `jti` of logout tokens in the table `sessions`. Each user has a partition
 * (`subject_key`) with the items `session#<token hash>`, `revoked-before` and `jti#<hash>`. A browser in which a user has
 * signed out has a partition with `revoked-before` only. Times are in milliseconds, but `expires_at` is in seconds, for
 * DynamoDB's time to live.
 */
export class DynamoDbSessionStore implements StoreOfOneSession, Abortable<StoreOfOneSession> {
  protected readonly client: DynamoDb;
  protected readonly tableName: string;
  protected readonly clock: Pick<Clock, 'wait'>;

  /** @param clock waits between the tries of a deletion that DynamoDB did not finish */
  constructor(client: DynamoDb, tableName: string, clock: Pick<Clock, 'wait'> = new SystemClock()) {
    this.client = client;
    this.tableName = tableName;
    this.clock = clock;
  }

  withSignal(signal: AbortSignal): StoreOfOneSession {
    const { clock } = withSignal({ clock: this.clock }, signal);
    return new DynamoDbSessionStore(untilAborted(this.client, signal), this.tableName, clock);
  }

  async put(session: SealedSession): Promise<void> {
    await dynamoDbRequest('PutItem of a session', () =>
      this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: {
            ...itemKey(session.key),
            sealed_payload: { B: session.sealedPayload },
            schema_version: number(session.schemaVersion),
            absolute_expires_at: number(session.absoluteExpiresAt),
            idle_expires_at: number(session.idleExpiresAt),
            expires_at: timeToLive(session.absoluteExpiresAt),
          },
        }),
      ),
    );
  }

  async read(key: SessionKey): Promise<SealedSession | undefined> {
    const item = await getItem(this.client, 'GetItem of a session', this.tableName, itemKey(key));
    return (
      item && {
        key,
        sealedPayload: item.bytes('sealed_payload'),
        schemaVersion: item.integer('schema_version'),
        absoluteExpiresAt: item.integer('absolute_expires_at'),
        idleExpiresAt: item.integer('idle_expires_at'),
      }
    );
  }

  async extendIdle(key: SessionKey, idleExpiresAt: number): Promise<boolean> {
    const extended = await conditionalWrite('UpdateItem of a session', () =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: itemKey(key),
          // Without the condition the update would create an item, and so restore a session that was deleted.
          ConditionExpression: 'attribute_exists(sealed_payload)',
          UpdateExpression: 'SET idle_expires_at = :idle',
          ExpressionAttributeValues: { ':idle': number(idleExpiresAt) },
        }),
      ),
    );
    return extended !== undefined;
  }

  async replaceContents({ key, sealedPayload }: SealedSession, contents: Uint8Array): Promise<boolean> {
    const replaced = await conditionalWrite('UpdateItem of a session', () =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: itemKey(key),
          // The client repeats a request whose response was lost. Then our own contents are already stored.
          ConditionExpression: 'sealed_payload IN (:before, :after)',
          UpdateExpression: 'SET sealed_payload = :after',
          ExpressionAttributeValues: { ':before': { B: sealedPayload }, ':after': { B: contents } },
        }),
      ),
    );
    return replaced !== undefined;
  }

  async delete(key: SessionKey): Promise<void> {
    await dynamoDbRequest('DeleteItem of a session', () =>
      this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: itemKey(key) })),
    );
  }

  async withdraw(key: SessionKey): Promise<void> {
    await dynamoDbRequest('DeleteItem of a withdrawn session', () =>
      this.client.send(
        new DeleteItemCommand({ TableName: this.tableName, Key: itemKey(key) }),
        createCleanupOptions(),
      ),
    );
  }

  async markRevoked(owner: string, revokedBefore: number, expiresAt: number): Promise<void> {
    // When the condition fails there is a later mark, which is kept.
    await conditionalWrite('PutItem of a revocation mark', () =>
      this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: {
            ...markKey(owner),
            revoked_before: number(revokedBefore),
            valid_until: number(expiresAt),
            expires_at: timeToLive(expiresAt),
          },
          ConditionExpression: 'attribute_not_exists(revoked_before) OR revoked_before <= :mark',
          ExpressionAttributeValues: { ':mark': number(revokedBefore) },
        }),
      ),
    );
  }

  async readRevokedBefore(owners: readonly string[], now: number): Promise<number | undefined> {
    const { marks, left } = await this.#readMarks(owners.map(markKey));
    if (left.length > 0) {
      // DynamoDB returns the keys that it throttled. The client repeats whole requests only.
      await this.clock.wait(markPause);
      const more = await this.#readMarks(left);
      if (more.left.length > 0) throw malformedAnswer(marksOperation);
      marks.push(...more.marks);
    }
    const times = marks
      .map((item) => new ItemReader(this.tableName, item))
      .filter((mark) => mark.integer('valid_until') > now)
      .map((mark) => mark.integer('revoked_before'));
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** @returns the marks, and the keys that DynamoDB has left unprocessed */
  async #readMarks(Keys: Item[]): Promise<{ readonly marks: Item[]; readonly left: Item[] }> {
    const { Responses: found, UnprocessedKeys: unprocessed = {} } = await dynamoDbRequest(
      marksOperation,
      () =>
        this.client.send(
          new BatchGetItemCommand({ RequestItems: { [this.tableName]: { Keys, ConsistentRead: true } } }),
        ),
    );
    const marks = found?.[this.tableName];
    const left = Object.values(unprocessed).flatMap(({ Keys: keys }) => keys);
    if (!Array.isArray(marks) || !marks.every(isItem) || !left.every(isItem))
      throw malformedAnswer(marksOperation);
    return { marks, left };
  }
}

function markKey(owner: string): Item {
  return { subject_key: string(owner), item: string(markItem) };
}

function itemKey({ subjectKey, tokenHash }: SessionKey): Item {
  return { subject_key: string(subjectKey), item: string(sessionPrefix + tokenHash) };
}
