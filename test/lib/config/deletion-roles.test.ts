import { describe, expect, test } from '@jest/globals';
import { ConfigError, type Mistake } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

const role = 'arn:aws:iam::111122223333:role/security/key-administrator';

/** The mistakes of a config that is otherwise right. */
function mistakesIn(changes: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const config = {
    name: 'licences',
    environment: 'production',
    serviceName: 'Apply for a licence',
    clientId: 'client',
    scopes: ['openid'],
    authentication: { vtr: ['Cl.Cm'] },
    signingKeys: [{ name: '2026-01', state: 'sign' }],
    ...changes,
  };
  try {
    validateConfig(config);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

describe('the roles that may delete signing keys', () => {
  test('are IAM roles of the account', () => {
    expect(mistakesIn({ signingKeyDeletionRoles: [role] })).toEqual([]);
    expect(mistakesIn({ account: '111122223333', signingKeyDeletionRoles: [role] })).toEqual([]);
  });

  test('are of no other account than the one that the config names', () => {
    expect(mistakesIn({ account: '444455556666', signingKeyDeletionRoles: [role] })).toEqual([
      {
        path: 'signingKeyDeletionRoles[0]',
        message: `"${role}" is of the account 111122223333, and the keys are in 444455556666`,
      },
    ]);
  });

  test('are named in production only', () => {
    expect(mistakesIn({ environment: 'integration', signingKeyDeletionRoles: [role] })).toEqual([
      {
        path: 'signingKeyDeletionRoles',
        message: 'has an effect in production only; integration deletes its keys with the stack',
      },
    ]);
  });

  test.each([
    'arn:aws:iam::111122223333:root',
    'arn:aws:iam::111122223333:user/someone',
    'arn:aws:sts::111122223333:assumed-role/admin/session',
    'arn:aws:iam::111122223333:role/*',
    'key-administrator',
  ])('are no %s', (arn) => {
    expect(mistakesIn({ signingKeyDeletionRoles: [arn] })).toMatchObject([
      { path: 'signingKeyDeletionRoles[0]', message: expect.stringContaining('the ARN of an IAM role') },
    ]);
  });
});
