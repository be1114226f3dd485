import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DynamoDbUserSessionStore } from '../../../lambdas/adapters/dynamodb/user-session-store.ts';
import { deriveSubjectKey } from '../../../lambdas/core/session/session-key.ts';
import { startTestDatabase } from '../../contract/dynalite.ts';
import { someSession } from '../../contract/session-store.contract.ts';
import { buildTestConfig } from '../../infra/synthesise.ts';
import { runCommandWith } from '../../support/command.ts';

const sub = 'urn:fdc:gov.uk:2022:somebody';
const local = ['--config', 'config/local.json', '--table', 'sessions'];

const database = await startTestDatabase();
afterAll(() => database.stop());
beforeEach(() => database.empty('sessions'));

/** Runs the command with nothing but that in its environment. */
function run(args: readonly string[]) {
  const { endpoint } = database.clientOptions;
  const environment = { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_EC2_METADATA_DISABLED: 'true' };
  return runCommandWith(environment, 'revoke', ...args);
}

describe('one-login revoke', () => {
  it('ends the sessions of a user in the DynamoDB of AWS_ENDPOINT_URL_DYNAMODB', async () => {
    const subjectKey = deriveSubjectKey(buildTestConfig('local').clientId, sub);
    await new DynamoDbUserSessionStore(database.senders.own, 'sessions').put(someSession(subjectKey));

    expect(await run([...local, '--sub', sub])).toEqual({
      code: 0,
      out: 'Ended 1 session of this user.\n',
      err: expect.stringMatching(/^not written into the audit trail/),
    });
  });

  it.each([
    ['no config', [], "required option '--config <file>' not specified"],
    [
      'a config that does not exist',
      ['--config', 'config/none.json', '--all'],
      'config/none.json has a mistake',
    ],
    ['no user', local, 'add --sub or --all: whose sessions to end'],
    ['a user and all', [...local, '--all', '--sub', sub], 'cannot be used with'],
    ['two users', [...local, '--sub', sub, '--sub', 'another'], 'It is given more than once.'],
    ['an empty sub', [...local, '--sub', ''], 'Its value is missing.'],
    ['an option in place of the sub', [...local, '--sub', '--all'], 'Its value is missing.'],
    ['a sub with a line break', [...local, '--sub', 'somebody\n'], 'characters that a sub cannot have'],
  ])('exits with 2 for %s', async (_, args, message) => {
    expect(await run(args)).toEqual({ code: 2, out: '', err: expect.stringContaining(message) });
  });

  it('exits with 1 and the reason if it fails', async () => {
    const elsewhere = ['--config', 'config/local.json', '--table', 'none', '--sub', sub];

    expect(await run(elsewhere)).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining('ResourceNotFoundException: Requested resource not found'),
    });
  });
});
