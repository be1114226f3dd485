/**
 * Rule → the outcomes of the NCSC's Cyber Assessment Framework that AWS maps it to. Rules that are not here are good practice
 * of AWS without an outcome. Rules that are about a running account rather than a template, such as the days that a
 * certificate has left, are left out: the canary, the doctor and the alarms check those.
 *
 * @see https://docs.aws.amazon.com/config/latest/developerguide/operational-best-practices-for-ncsc_cafv3.html
 */
export const cafOutcomes: Readonly<Record<string, readonly string[]>> = {
  'CT.APIGATEWAY.PR.1': ['C1.c'],
  'CT.APIGATEWAY.PR.3': ['B3.c'],
  'CT.CLOUDWATCH.PR.1': ['C1.a'],
  'CT.CLOUDWATCH.PR.3': ['B3.c'],
  'CT.DYNAMODB.PR.1': ['B3.c', 'B5.c'],
  'CT.DYNAMODB.PR.2': ['B3.c'],
  'CT.IAM.PR.1': ['B2.a', 'B2.c', 'B2.d', 'C1.b'],
  'CT.IAM.PR.5': ['B2.a', 'B2.c', 'B2.d'],
  'CT.KMS.PR.1': ['B3.c'],
  'CT.LAMBDA.PR.2': ['B4.a'],
  'CT.LAMBDA.PR.3': ['B3.b', 'B4.a'],
  DYNAMODB_AUTOSCALING_ENABLED: ['B4.a', 'B5.b'],
  DYNAMODB_IN_BACKUP_PLAN: ['B3.c', 'B5.c'],
  IAM_NO_INLINE_POLICY_CHECK: ['B2.a', 'B2.c', 'B2.d', 'C1.b'],
  LAMBDA_CONCURRENCY_CHECK: ['B4.a', 'C1.a'],
  LAMBDA_DLQ_CHECK: ['C1.a'],
  SECRETSMANAGER_USING_CMK: ['B3.c'],
  SNS_ENCRYPTED_KMS: ['B3.c'],
  WAFV2_LOGGING_ENABLED: ['C1.c'],
};
