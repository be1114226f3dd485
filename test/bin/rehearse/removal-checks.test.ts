import { describe, expect, test } from '@jest/globals';
import { checkRemoval } from '../../../bin/rehearse/removal-checks.ts';
import { observed } from './observed.ts';

const toolkit = { stacks: [{ StackName: 'CDKToolkit' }], roles: [{ RoleName: 'cdk-deploy' }] };
const before = observed(toolkit);
const kept = ['key-1'];
const keptKey = { KeyId: 'key-1', KeyState: 'Enabled' };
const deletedKey = { KeyId: 'key-2', KeyState: 'PendingDeletion' };

describe('a removed stack', () => {
  test('leaves what was there before and what must be retained', () => {
    const after = observed({ ...toolkit, keys: [keptKey, deletedKey] });
    expect(checkRemoval({ before, after, kept })).toEqual([]);
  });

  test.each([
    ['a table', { tables: [{ TableName: 'sessions' }] }, 'tables: sessions is left behind'],
    ['a role', { roles: [...toolkit.roles, { RoleName: 'login' }] }, 'roles: login is left behind'],
    ['itself', { stacks: [...toolkit.stacks, { StackName: 'x' }] }, 'stacks: x is left behind'],
    [
      'a key that nobody deletes',
      { keys: [keptKey, { KeyId: 'key-2', KeyState: 'Enabled' }] },
      'the key key-2 is Enabled, expected PendingDeletion',
    ],
  ])('is not removed when it leaves %s', (_, left, sentence) => {
    const after = observed({ ...toolkit, keys: [keptKey], ...left });
    expect(checkRemoval({ before, after, kept })).toEqual([sentence]);
  });

  test('must not take with it what is to be retained', () => {
    expect(checkRemoval({ before, after: before, kept })).toEqual(['key-1 should be kept, and is gone']);
    const pending = observed({ ...toolkit, keys: [{ ...keptKey, KeyState: 'PendingDeletion' }] });
    expect(checkRemoval({ before, after: pending, kept })).toEqual([
      'the key key-1 is PendingDeletion, expected Enabled',
    ]);
  });
});
