import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { deleteItems } from '../../lambdas/adapters/dynamodb/delete-items.ts';
import { sessionPrefix } from '../../lambdas/adapters/dynamodb/session-store.ts';
import type { Clock } from '../../lambdas/core/ports.ts';

/** How many items are looked at, and so how many keys are held, at a time. */
const pageSize = 1000;

/** A callback's function is ended after 15 seconds, and what it has sent by then arrives. */
export const longestCallbackMilliseconds = 60_000;

/** How much has been ended. A user whose sessions were met by both passes counts twice. */
export interface EndedSessions {
  readonly sessions: number;
  readonly users: number;
}

export interface EndEverySessionDependencies {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  readonly progress: (text: string) => void;
}

/**
 * Ends every session that there is, and every one that a callback under way still makes: that is what a second pass
 * meets, once the callbacks that had begun before the first one are over. So no marks are needed, which would refuse
 * sign-ins that began since.
 *
 * Who signs in between may be signed out as well. To repeat it does no harm.
 */
export async function endEverySession(dependencies: EndEverySessionDependencies): Promise<EndedSessions> {
  const { clock, progress } = dependencies;
  const secondPass = clock.now() + longestCallbackMilliseconds;
  const first = await pass(dependencies, 'first pass');
  const left = Math.max(secondPass - clock.now(), 0);
  progress(`waiting ${Math.ceil(left / 1000)} seconds for sign-ins that are under way`);
  await clock.wait(left);
  const second = await pass(dependencies, 'second pass');
  return { sessions: first.sessions + second.sessions, users: first.users + second.users };
}

async function pass(
  { client, tableName, clock, progress }: EndEverySessionDependencies,
  name: string,
): Promise<EndedSessions> {
  let sessions = 0;
  let users = 0;
  let lastUser: string | undefined;
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: 'begins_with(#item, :prefix)',
      ProjectionExpression: 'subject_key, #item',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':prefix': { S: sessionPrefix } },
      Limit: pageSize,
    },
  );
  for await (const { Items: keys = [] } of pages) {
    await deleteItems(client, tableName, keys, clock);
    sessions += keys.length;
    for (const { subject_key: user } of keys) {
      // A user's sessions come one after the other, since they are one partition.
      if (user?.S !== lastUser) users += 1;
      lastUser = user?.S;
    }
    progress(`${name}: ended ${sessions} so far`);
  }
  return { sessions, users };
}
