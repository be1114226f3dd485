import * as sdk from '@aws-sdk/client-dynamodb';
import { overSdk } from '../../lambdas/adapters/aws/over-sdk.ts';
import { deleteItems } from '../../lambdas/adapters/dynamodb/delete-items.ts';
import { sessionPrefix } from '../../lambdas/adapters/dynamodb/session-store.ts';
import type { Clock } from '../../lambdas/core/ports.ts';

/** How many items a page of the scan has. */
const pageSize = 1000;

/** AWS stops a callback's function after 15 seconds. What it has sent by then still arrives. */
export const longestCallbackMilliseconds = 60_000;

/** The numbers of a run. A user with sessions in both passes counts twice. */
export interface EndedSessions {
  readonly sessions: number;
  readonly users: number;
}

export interface EndEverySessionDependencies {
  readonly client: sdk.DynamoDBClient;
  readonly tableName: string;
  readonly clock: Clock;
  readonly progress: (text: string) => void;
}

/**
 * Ends every session. A second pass, after all callbacks of the first one have finished, ends the sessions that those
 * made. So no marks are needed, which would refuse newer sign-ins.
 *
 * It may also sign out users who sign in between the passes. You can repeat it.
 */
export async function endEverySession(dependencies: EndEverySessionDependencies): Promise<EndedSessions> {
  const { clock, progress } = dependencies;
  const secondPass = clock.now() + longestCallbackMilliseconds;
  const first = await endSessionsOnce(dependencies, 'first pass');
  const left = Math.max(secondPass - clock.now(), 0);
  progress(`waiting ${Math.ceil(left / 1000)} seconds for sign-ins under way`);
  await clock.wait(left);
  const second = await endSessionsOnce(dependencies, 'second pass');
  return { sessions: first.sessions + second.sessions, users: first.users + second.users };
}

async function endSessionsOnce(
  { client, tableName, clock, progress }: EndEverySessionDependencies,
  name: string,
): Promise<EndedSessions> {
  let sessions = 0;
  let users = 0;
  let lastUser: string | undefined;
  const pages = sdk.paginateScan(
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
    await deleteItems(overSdk(client, sdk), tableName, keys, clock);
    sessions += keys.length;
    for (const { subject_key: user } of keys) {
      // A user's sessions are one partition, so they follow each other.
      if (user?.S !== lastUser) users += 1;
      lastUser = user?.S;
    }
    progress(`${name}: ended ${sessions} so far`);
  }
  return { sessions, users };
}
