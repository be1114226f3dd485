import { randomUUID } from 'node:crypto';
import { withSignal } from '../../core/flow/with-signal.ts';
import type { Abortable, SessionStore } from '../../core/ports.ts';
import { untilAborted } from '../abortable-client.ts';
import { PutItemCommand } from './commands.ts';
import { deleteItems } from './delete-items.ts';
import { number, string, timeToLive } from './item.ts';
import { conditionalWrite, queryItems } from './request.ts';
import { DynamoDbSessionStore, sessionPrefix } from './session-store.ts';

/** How many keys `deleteAll` reads at a time. */
const deletionPage = 100;

/** The sessions of a user as well, for functions that end them. */
export class DynamoDbUserSessionStore
  extends DynamoDbSessionStore
  implements SessionStore, Abortable<SessionStore>
{
  override withSignal(signal: AbortSignal): SessionStore {
    const { clock } = withSignal({ clock: this.clock }, signal);
    return new DynamoDbUserSessionStore(untilAborted(this.client, signal), this.tableName, clock);
  }

  async deleteAll(subjectKey: string): Promise<number> {
    let deleted = 0;
    for (;;) {
      const { items: keys, isLast } = await this.#sessionKeys(subjectKey);
      await deleteItems(this.client, this.tableName, keys, this.clock);
      deleted += keys.length;
      // A callback that stores a session meanwhile reads the mark, and withdraws the session.
      if (isLast) return deleted;
    }
  }

  async rememberJti(subjectKey: string, jtiHash: string, now: number, expiresAt: number): Promise<boolean> {
    const call = string(randomUUID());
    const remembered = await conditionalWrite('PutItem of a jti', () =>
      this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: {
            subject_key: string(subjectKey),
            item: string(`jti#${jtiHash}`),
            call,
            valid_until: number(expiresAt),
            expires_at: timeToLive(expiresAt),
          },
          // The client repeats a request whose response was lost. `call` distinguishes the repetition from a replay, which is
          // refused.
          ConditionExpression: 'attribute_not_exists(valid_until) OR valid_until <= :now OR #call = :call',
          ExpressionAttributeNames: { '#call': 'call' },
          ExpressionAttributeValues: { ':now': number(now), ':call': call },
        }),
      ),
    );
    return remembered !== undefined;
  }

  #sessionKeys(subjectKey: string): ReturnType<typeof queryItems> {
    return queryItems(this.client, "Query of a user's sessions", {
      TableName: this.tableName,
      KeyConditionExpression: 'subject_key = :subject AND begins_with(#item, :prefix)',
      ProjectionExpression: 'subject_key, #item',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':subject': string(subjectKey), ':prefix': string(sessionPrefix) },
      Limit: deletionPage,
    });
  }
}
