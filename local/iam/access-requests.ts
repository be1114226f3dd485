import type { AwsCall } from '../aws/aws-call.ts';
import type { AccessRequest } from './policy.ts';

/** Finds what a call is made to, for its permissions. */
export interface CallTargets {
  readonly region: string;
  readonly findTable: (name: string) => { readonly arn: string; readonly keyArn?: string } | undefined;
  /** @param reference a key id, a key ARN, an alias or an alias ARN */
  readonly findKeyArn: (reference: string) => string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** The resource of a call to something that does not exist: no policy allows it. */
const unknown = 'unknown';

/** Everything that the caller of AWS must be allowed for a call. */
export function listAccessRequests(call: AwsCall, targets: CallTargets): readonly AccessRequest[] {
  const input: Fields = Object(call.input);
  const action = `${call.service}:${call.action}`;
  switch (call.service) {
    case 'dynamodb':
      return listTableNames(input).flatMap((name) => listTableRequests(action, name, targets));
    case 'kms': {
      const resource = targets.findKeyArn(String(input['KeyId'])) ?? unknown;
      return [{ action, resource, context: readKmsContext(input) }];
    }
    default:
      return [{ action, resource: '*', context: {} }];
  }
}

/**
 * DynamoDB decrypts the key of a table with the caller's permission, through its own service.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function listTableRequests(
  action: string,
  name: string,
  { region, findTable }: CallTargets,
): readonly AccessRequest[] {
  const { arn, keyArn } = findTable(name) ?? { arn: unknown };
  const request = { action, resource: arn, context: {} };
  if (keyArn === undefined) return [request];
  const context = { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` };
  return [request, { action: 'kms:Decrypt', resource: keyArn, context }];
}

function listTableNames({ TableName: name, RequestItems: items }: Fields): readonly string[] {
  return items === undefined ? [String(name)] : Object.keys(Object(items));
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function readKmsContext({ SigningAlgorithm: algorithm, MessageType: type = 'RAW' }: Fields) {
  if (algorithm === undefined) return {};
  return { 'kms:SigningAlgorithm': String(algorithm), 'kms:MessageType': String(type) };
}
