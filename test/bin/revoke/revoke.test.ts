import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsClock } from '../../../bin/revoke/aws-clock.ts';
import { type RevokeDependencies, type RevokeOptions, revoke } from '../../../bin/revoke/revoke.ts';
import { DynamoDbUserSessionStore } from '../../../lambdas/adapters/dynamodb/user-session-store.ts';
import { SystemClock } from '../../../lambdas/adapters/system-clock.ts';
import { type AuditEvent, derivePseudonym } from '../../../lambdas/core/audit.ts';
import { storeUnlessRevoked } from '../../../lambdas/core/flow/store-unless-revoked.ts';
import { deriveSubjectKey } from '../../../lambdas/core/session/session-key.ts';
import { startTestDatabase } from '../../contract/dynalite.ts';
import { someSession } from '../../contract/session-store.contract.ts';
import { buildTestConfig } from '../../infra/synthesise.ts';
import { buildTable, tableKeys } from '../../support/tables.ts';
import { TestClock } from '../../support/test-clock.ts';

const config = buildTestConfig('production.example', { account: undefined });
const sub = 'urn:fdc:gov.uk:2022:somebody';
const subjectKey = deriveSubjectKey(config.clientId, sub);
const oneUser: RevokeOptions = {
  whose: { kind: 'user', sub },
  table: 'sessions',
  yes: false,
};
const everybody: RevokeOptions = { whose: { kind: 'everybody' }, table: 'sessions', yes: true };

const database = await startTestDatabase();
const sessions = new DynamoDbUserSessionStore(database.senders.own, 'sessions');
let printed: string[];
let audited: AuditEvent[];
let dependencies: RevokeDependencies;

afterAll(() => database.stop());
beforeEach(async () => {
  await database.empty('sessions');
  printed = [];
  audited = [];
  dependencies = {
    client: database.client,
    clock: new TestClock(Date.now()),
    print: (text) => printed.push(text),
    progress: () => {},
    ask: undefined,
    audit: async (event) => void audited.push(event),
  };
});

const rows = () => database.items('sessions');
/** Puts sessions of users with made-up subject keys, some for each. */
async function putSessions(...counts: readonly number[]): Promise<void> {
  for (const [index, count] of counts.entries()) {
    for (let number = 0; number < count; number += 1) await sessions.put(someSession(`user-${index}`));
  }
}

describe('revoke for one user', () => {
  // id: revoke-one-user
  it('ends all sessions of the user and of no other user, and prints how many', async () => {
    await sessions.put(someSession(subjectKey));
    await sessions.put(someSession(subjectKey));
    await sessions.put(someSession('another'));
    await revoke(config, oneUser, dependencies);

    expect((await rows()).map(({ subject_key, item }) => [subject_key?.S, item?.S?.split('#')[0]])).toEqual(
      expect.arrayContaining([
        ['another', 'session'],
        [subjectKey, 'revoked-before'],
      ]),
    );
    expect(await rows()).toHaveLength(2);
    expect(printed).toEqual(['Ended 2 sessions of this user.']);
  });

  it('writes the pseudonym of the user into the audit trail', async () => {
    await sessions.put(someSession(subjectKey));
    await revoke(config, oneUser, dependencies);

    expect(audited).toEqual([
      { action: 'sessions_revoked_by_operator', sessions: 1, user: derivePseudonym(config.clientId, sub) },
    ]);
    expect(printed.join()).not.toContain('somebody');
  });

  it('prints that there was nothing to end', async () => {
    await revoke(config, oneUser, dependencies);

    expect(printed).toEqual([
      'This user has no session. Check the sub: it differs for each sector identifier.',
    ]);
    expect(audited).toHaveLength(1);
  });

  describe.each([
    ['an hour slow', -3_600_000],
    ['an hour fast', 3_600_000],
  ])('on a machine whose clock is %s', (_, wrong) => {
    const machine = { now: () => Date.now() + wrong, wait: async () => {} };
    const signIn = (beganAt: number) =>
      storeUnlessRevoked(sessions, new SystemClock(), someSession(subjectKey), {
        beganAt,
        browserHash: 'browser',
        replaced: undefined,
      });
    let client: DynamoDBClient;
    beforeEach(() => {
      client = new DynamoDBClient(database.clientOptions);
      dependencies = { ...dependencies, client, clock: new AwsClock(client, machine) };
    });
    afterEach(() => client.destroy());

    it('stops a callback under way', async () => {
      const beganAt = Date.now();
      await revoke(config, oneUser, dependencies);

      await expect(signIn(beganAt)).rejects.toMatchObject({ code: 'session_revoked_meanwhile' });
      expect((await rows()).filter(({ item }) => item?.S !== 'revoked-before')).toEqual([]);
    });

    it('lets the user sign in again a second later', async () => {
      await revoke(config, oneUser, dependencies);

      await signIn(Date.now() + 1001);
      expect((await rows()).filter(({ item }) => item?.S !== 'revoked-before')).toHaveLength(1);
    });
  });
});

describe('revoke for all users', () => {
  // id: revoke-everyone
  it('ends every session, and prints how many of how many users', async () => {
    await putSessions(1, 3, 2);
    await revoke(config, everybody, dependencies);

    expect(await rows()).toEqual([]);
    expect(printed).toEqual(['Ended 6 sessions of 3 users.']);
    expect(audited).toEqual([{ action: 'sessions_revoked_by_operator', sessions: 6 }]);
  });

  it('ends the session of a callback under way, of a user who had none before', async () => {
    const clock = new TestClock();
    const waits: number[] = [];
    const waiting = {
      now: () => clock.now(),
      wait: async (milliseconds: number) => {
        waits.push(milliseconds);
        await putSessions(1);
      },
    };
    await revoke(config, everybody, { ...dependencies, clock: waiting });

    expect(waits).toEqual([60_000]);
    expect(await rows()).toEqual([]);
    expect(printed).toEqual(['Ended 1 session of 1 user.']);
  });

  it('keeps marks and logout tokens, and adds no marks', async () => {
    await sessions.markRevoked('user-0', 1, 2);
    await sessions.rememberJti('user-0', 'jti', 1, 2);
    const before = await rows();
    await putSessions(1);
    await revoke(config, everybody, dependencies);

    expect(await rows()).toEqual(before);
  });

  it('deletes in pages, and prints its progress', async () => {
    const progress: string[] = [];
    await putMany(2100);
    await revoke(config, everybody, { ...dependencies, progress: (text) => progress.push(text) });

    expect(await rows()).toEqual([]);
    expect(printed).toEqual(['Ended 2100 sessions of 3 users.']);
    expect(progress).toEqual([
      'first pass: ended 1000 so far',
      'first pass: ended 2000 so far',
      'first pass: ended 2100 so far',
      'waiting 60 seconds for sign-ins under way',
      'second pass: ended 0 so far',
    ]);
  });

  it('finishes in a second run what a failed one left', async () => {
    await putSessions(20, 20);
    const client = clientThatFails(2);
    await expect(revoke(config, everybody, { ...dependencies, client })).rejects.toMatchObject({
      code: 'dynamodb_unavailable',
    });
    client.destroy();
    expect((await rows()).length).toBe(15);
    expect(audited).toEqual([]);
    await revoke(config, everybody, dependencies);

    expect(await rows()).toEqual([]);
    expect(printed).toEqual([expect.stringMatching(/^Ended 15 sessions/)]);
  });

  it.each([
    ['', 1],
    ['yes', 1],
    [config.name, 0],
    [` ${config.name}\n`, 0],
  ])('asks the operator for the name of the deployment first: %j', async (answer, left) => {
    await putSessions(1);
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answer;
    };
    const asking = { ...everybody, yes: false };
    await revoke(config, asking, { ...dependencies, ask }).catch((error) =>
      expect(error).toMatchObject({
        name: 'RevokeError',
        message: expect.stringContaining('no session was ended'),
      }),
    );

    expect(await rows()).toHaveLength(left === 0 ? 0 : 1);
    expect(questions).toEqual([expect.stringContaining(`(${config.name}, production, eu-west-2)`)]);
  });

  it('refuses to start without --yes if there is no terminal', async () => {
    await putSessions(1);
    await expect(revoke(config, { ...everybody, yes: false }, dependencies)).rejects.toMatchObject({
      name: 'CommandError',
      message: '--all needs a confirmation: without a terminal, add --yes',
    });
    expect(await rows()).toHaveLength(1);
  });
});

describe('revoke and the audit trail', () => {
  // id: revoke-needs-audit-line
  it('throws after its work if the audit trail cannot be written', async () => {
    await sessions.put(someSession(subjectKey));
    const audit = async () => {
      throw new Error('not allowed');
    };
    await expect(revoke(config, oneUser, { ...dependencies, audit })).rejects.toThrow(
      'the sessions have ended, but the audit trail could not be written',
    );
    expect(printed).toEqual(['Ended 1 session of this user.']);
  });

  it('prints that there is no audit trail', async () => {
    const progress: string[] = [];
    const without = { ...dependencies, audit: undefined, progress: (text: string) => progress.push(text) };
    await revoke(config, oneUser, without);

    expect(progress).toEqual([expect.stringContaining('not written into the audit trail')]);
  });
});

describe('revoke without --table', () => {
  const search = { ...oneUser, table: undefined };
  const renameDeployment = (name: string) => ({ ...config, name });

  it('finds the table by the name from CloudFormation, among those of other deployments', async () => {
    const name = `one-login-${config.name}-TablesSessions2FE72E9C-1ABCDEFGHIJKL`;
    await createTable(`one-login-${config.name}-two-TablesSessions2FE72E9C-1ABCDEFGHIJKL`);
    await createTable(`one-login-${config.name}-TablesLoginAttempts00000000-1ABCDEFGHIJKL`);
    await createTable(name);
    const found = new DynamoDbUserSessionStore(database.senders.own, name);
    await found.put(someSession(subjectKey));
    await revoke(config, search, dependencies);

    expect(printed).toEqual(['Ended 1 session of this user.']);
  });

  it('throws with advice if there is no table', async () => {
    await expect(revoke(renameDeployment('elsewhere'), search, dependencies)).rejects.toThrow(
      'there is no table in eu-west-2 whose name begins with one-login-elsewhere-TablesSessions. Check the config',
    );
  });

  it('throws if there are two tables', async () => {
    const names = ['1', '2'].map((end) => `one-login-twice-TablesSessions2FE72E9C-${end}`);
    for (const name of names) await createTable(name);
    await expect(revoke(renameDeployment('twice'), search, dependencies)).rejects.toThrow(names.join(', '));
  });

  it('throws if the table is not for sessions', async () => {
    const attempts = { ...everybody, table: 'login-attempts' };
    await expect(revoke(config, attempts, dependencies)).rejects.toThrow(
      'the table login-attempts contains no sessions: its key is state_hash',
    );
  });

  it("throws if the table is in another account than the config's", async () => {
    await sessions.put(someSession(subjectKey));
    await expect(revoke({ ...config, account: '111122223333' }, oneUser, dependencies)).rejects.toThrow(
      'the credentials belong to the account 000000000000, and the config is for 111122223333',
    );
    expect(await rows()).toHaveLength(1);
  });
});

async function createTable(TableName: string): Promise<void> {
  await database.client.send(new CreateTableCommand(buildTable(TableName, tableKeys.sessions)));
  // DynamoDB creates a table after it has responded.
  const describe = new DescribeTableCommand({ TableName });
  while ((await database.client.send(describe)).Table?.TableStatus !== 'ACTIVE');
}

/** Sessions of three users, as far as a pass looks at them. */
async function putMany(count: number): Promise<void> {
  for (let start = 0; start < count; start += 25) {
    const requests = Array.from({ length: Math.min(25, count - start) }, (_, index) => ({
      PutRequest: {
        Item: { subject_key: { S: `user-${(start + index) % 3}` }, item: { S: `session#${randomUUID()}` } },
      },
    }));
    await database.client.send(new BatchWriteItemCommand({ RequestItems: { sessions: requests } }));
  }
}

/** A client whose n-th deletion of a batch is refused. */
function clientThatFails(nth: number): DynamoDBClient {
  const client = new DynamoDBClient({ ...database.clientOptions, maxAttempts: 1 });
  let count = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (request) => {
        if (commandName === 'BatchWriteItemCommand') count += 1;
        if (commandName === 'BatchWriteItemCommand' && count === nth) throw new Error('refused');
        return next(request);
      },
    { step: 'initialize', name: 'failOnce' },
  );
  return client;
}
