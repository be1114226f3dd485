import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** The signatures of login and callback: PS256 over a digest. */
export const signConditions = {
  'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256',
  'kms:MessageType': 'DIGEST',
} as const;

/** All actions except `Sign`, `CreateGrant`, with which a principal could grant `Sign`, and `ScheduleKeyDeletion`. */
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

/** Who may schedule a key's deletion: everybody whom the account's IAM policies allow, or only roles with these ARNs. */
export type KeyDeleters = 'account' | readonly string[];

export interface SigningKeyPolicyProps {
  /** A pattern for the ARNs of the roles that sign. Undefined for a retired key. */
  readonly signers: string | undefined;
  readonly deleters: KeyDeleters;
}

/**
 * Returns the policy of a signing key. IAM policies of the account apply to a key only where the key's own policy
 * delegates to the account. This policy delegates everything except signing and, in production, deletion. An
 * administrator with `kms:*` can do neither, and the role that deploys can't either. They would have to change this
 * policy first. That remains possible, because KMS refuses a policy that cannot be changed.
 *
 * The policy names no role as a principal. CloudFormation creates the roles after the keys, because the roles' policies
 * contain the keys' ARNs, and KMS refuses principals that do not exist yet.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function buildSigningKeyPolicy({ signers, deleters }: SigningKeyPolicyProps): PolicyDocument {
  return new PolicyDocument({
    statements: [
      delegateToAccount('Administration', administration),
      ...(signers === undefined
        ? []
        : [
            delegateToAccount('LoginAndCallbackSign', ['kms:Sign'], {
              ArnLike: { 'aws:PrincipalArn': signers },
              StringEquals: signConditions,
            }),
          ]),
      ...delegateDeletion(deleters),
    ],
  });
}

function delegateDeletion(deleters: KeyDeleters): readonly PolicyStatement[] {
  const actions = ['kms:ScheduleKeyDeletion'];
  if (deleters === 'account') return [delegateToAccount('Deletion', actions)];
  if (deleters.length === 0) return [];
  return [delegateToAccount('Deletion', actions, { ArnEquals: { 'aws:PrincipalArn': [...deleters] } })];
}

/** Delegates actions to the IAM policies of the account. In a key's policy `*` is the key itself. */
function delegateToAccount(
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
