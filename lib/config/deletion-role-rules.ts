import type { ConfigFile } from './deployment-config.ts';
import { type Mistake, show } from './mistakes.ts';
import type { Rule } from './rule.ts';

/** What must hold of the roles that may schedule the deletion of a signing key. */
export const deletionRoleRules: readonly Rule[] = [
  { reads: /^(environment|account|signingKeyDeletionRoles(\[\d+\])?)$/, check: checkDeletionRoles },
];

function checkDeletionRoles({
  environment,
  account,
  signingKeyDeletionRoles: roles,
}: ConfigFile): readonly Mistake[] {
  if (environment !== 'production') {
    const message = `has an effect in production only; ${environment} deletes its keys with the stack`;
    return roles.length === 0 ? [] : [{ path: 'signingKeyDeletionRoles', message }];
  }
  return roles.flatMap((arn, index) => {
    const owner = arn.split(':')[4];
    if (account === undefined || owner === account) return [];
    const message = `${show(arn)} is of the account ${owner}, and the keys are in ${account}`;
    return [{ path: `signingKeyDeletionRoles[${index}]`, message }];
  });
}
