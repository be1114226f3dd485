import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** What KMS knows of a signature that login and callback ask for: PS256, over a digest. */
export const signConditions = {
  'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256',
  'kms:MessageType': 'DIGEST',
} as const;

/**
 * Looking after a key without using it: everything but `Sign`, `CreateGrant`, which would hand out `Sign`, and
 * `ScheduleKeyDeletion`.
 */
const administration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
  'kms:Verify',
];

/** Who may schedule the deletion of a key: whoever IAM lets in the account, or these roles only, by their ARNs. */
export type Deletion = 'account' | readonly string[];

export interface SigningKeyPolicyProps {
  /** The ARNs of the roles that sign, as a pattern; undefined when nobody does any more. */
  readonly signers: string | undefined;
  readonly deletion: Deletion;
}

/**
 * Who may do what with a signing key. A permission of IAM counts for a key only as far as the key's own policy hands
 * the decision over to the account. This one hands over everything but signing and, in production, deleting: so an
 * administrator with `kms:*` can do neither, nor can the role that deploys. Who wants to has to change this policy
 * first, which remains possible, since KMS refuses a policy that nobody could change.
 *
 * No role is named as a principal. The roles come after the keys, whose ARNs are in their policies; and a principal
 * must be known to KMS already, which the roles of a first deployment may not be.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function signingKeyPolicy({ signers, deletion }: SigningKeyPolicyProps): PolicyDocument {
  return new PolicyDocument({
    statements: [
      ofTheAccount('Administration', administration),
      ...(signers === undefined
        ? []
        : [
            ofTheAccount('LoginAndCallbackSign', ['kms:Sign'], {
              ArnLike: { 'aws:PrincipalArn': signers },
              StringEquals: signConditions,
            }),
          ]),
      ...deletionStatements(deletion),
    ],
  });
}

function deletionStatements(deletion: Deletion): readonly PolicyStatement[] {
  const actions = ['kms:ScheduleKeyDeletion'];
  if (deletion === 'account') return [ofTheAccount('Deletion', actions)];
  if (deletion.length === 0) return [];
  return [ofTheAccount('Deletion', actions, { ArnEquals: { 'aws:PrincipalArn': [...deletion] } })];
}

/** Hands a decision over to the IAM policies of the account. In a key's policy `*` is the key itself. */
function ofTheAccount(
  sid: string,
  actions: readonly string[],
  conditions?: Readonly<Record<string, unknown>>,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    principals: [new AccountRootPrincipal()],
    actions: [...actions],
    resources: ['*'],
    ...(conditions === undefined ? {} : { conditions: { ...conditions } }),
  });
}
