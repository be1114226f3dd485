import * as sdk from '@aws-sdk/client-dynamodb';
import { overSdk } from '../../lambdas/adapters/aws/over-sdk.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { type AuditEvent, derivePseudonym } from '../../lambdas/core/audit.ts';
import { revokeSessions } from '../../lambdas/core/flow/end-all-sessions.ts';
import type { Clock } from '../../lambdas/core/ports.ts';
import { deriveSubjectKey } from '../../lambdas/core/session/session-key.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { CommandError } from '../command.ts';
import { endEverySession } from './end-every-session.ts';
import { findSessionsTable, RevokeError } from './find-resources.ts';

export interface RevokeOptions {
  readonly whose: { readonly kind: 'user'; readonly sub: string } | { readonly kind: 'everybody' };
  /** The name of the sessions table. Undefined if the command has to find it. */
  readonly table: string | undefined;
  /** Whether to end the sessions of all users without asking the operator. */
  readonly yes: boolean;
}

export interface RevokeDependencies {
  readonly client: sdk.DynamoDBClient;
  /** The clock of AWS. */
  readonly clock: Clock;
  /** Prints the result. */
  readonly print: (text: string) => void;
  /** Prints the progress. */
  readonly progress: (text: string) => void;
  /** Asks the operator. Undefined if there is no terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Writes into the audit trail. Undefined if the deployment has none. */
  readonly audit: ((event: AuditEvent) => Promise<void>) | undefined;
}

/**
 * Ends the sessions of one user, or of all, of a deployment.
 *
 * @throws CommandError, RevokeError and errors of AWS. Some sessions may then have ended: a second run ends the rest
 */
export async function revoke(
  config: DeploymentConfig,
  { whose, table, yes }: RevokeOptions,
  dependencies: RevokeDependencies,
): Promise<void> {
  const { client, ask, audit, progress } = dependencies;
  const tableName = await findSessionsTable(client, config, table);
  if (whose.kind === 'everybody' && !yes) await confirm(config, ask);
  const event =
    whose.kind === 'everybody'
      ? await endSessionsOfAll(tableName, dependencies)
      : await endSessionsOfUser(whose.sub, config.clientId, tableName, dependencies);
  if (audit === undefined) {
    progress('not written into the audit trail: a DynamoDB on this machine has none');
    return;
  }
  try {
    await audit(event);
  } catch (error) {
    throw new RevokeError('the sessions have ended, but the audit trail could not be written', {
      cause: error,
    });
  }
}

async function endSessionsOfUser(
  sub: string,
  clientId: string,
  tableName: string,
  { client, clock, print }: RevokeDependencies,
): Promise<AuditEvent> {
  const sessions = new DynamoDbUserSessionStore(overSdk(client, sdk), tableName, clock);
  const { deleted } = await revokeSessions({ sessions, clock }, deriveSubjectKey(clientId, sub));
  print(
    deleted === 0
      ? 'This user has no session. Check the sub: it differs for each sector identifier.'
      : `Ended ${formatCount(deleted, 'session')} of this user.`,
  );
  return { action: 'sessions_revoked_by_operator', sessions: deleted, user: derivePseudonym(clientId, sub) };
}

async function endSessionsOfAll(
  tableName: string,
  { client, clock, progress, print }: RevokeDependencies,
): Promise<AuditEvent> {
  const { sessions, users } = await endEverySession({ client, tableName, clock, progress });
  print(`Ended ${formatCount(sessions, 'session')} of ${formatCount(users, 'user')}.`);
  return { action: 'sessions_revoked_by_operator', sessions };
}

async function confirm(config: DeploymentConfig, ask: RevokeDependencies['ask']): Promise<void> {
  const { name, serviceName, environment, region } = config;
  if (ask === undefined) throw new CommandError('--all needs a confirmation: without a terminal, add --yes');
  const answer = await ask(
    `This signs out every user of "${serviceName}" (${name}, ${environment}, ${region}).\n` +
      `To continue, type the deployment's name, ${name}: `,
  );
  if (answer.trim() !== name) throw new RevokeError('no session was ended: you did not type the name');
}

function formatCount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
