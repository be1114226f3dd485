import type { AwsCall } from '../aws/aws-call.ts';
import { isJsonObject, type Json } from '../template/json.ts';
import type { AccessRequest } from './statement.ts';

/** What a call is made to, as far as permissions go. */
export interface CallTargets {
  readonly region: string;
  /** A table by its name. */
  readonly table: (name: string) => { readonly arn: string; readonly keyArn?: string } | undefined;
  /** The ARN of a key by whatever names it. */
  readonly keyArn: (reference: string) => string | undefined;
}

/** What has an unknown name is nothing that a policy can allow. */
const unknown = 'unknown';

/** Everything that the caller must be allowed for a call to AWS. */
export function requestsOfCall(call: AwsCall, targets: CallTargets): readonly AccessRequest[] {
  const input = isJsonObject(call.input as Json) ? (call.input as Readonly<Record<string, unknown>>) : {};
  const action = `${call.service}:${call.action}`;
  switch (call.service) {
    case 'dynamodb':
      return listTables(input).flatMap((name) => requestsOfTable(action, name, input, targets));
    case 'kms':
      return [{ action, resource: findKey(input, targets), context: contextOfKms(input) }];
    default:
      return [{ action, resource: '*', context: {} }];
  }
}

/**
 * DynamoDB decrypts the key of a table with the caller's permission, through its own service.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
function requestsOfTable(
  action: string,
  name: string,
  { IndexName: index }: Readonly<Record<string, unknown>>,
  { region, table }: CallTargets,
): readonly AccessRequest[] {
  const { arn, keyArn } = table(name) ?? { arn: unknown };
  const resource = index === undefined ? arn : `${arn}/index/${String(index)}`;
  const request = { action, resource, context: {} };
  if (keyArn === undefined) return [request];
  const context = { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` };
  return [request, { action: 'kms:Decrypt', resource: keyArn, context }];
}

function listTables({ TableName: name, RequestItems: items }: Readonly<Record<string, unknown>>) {
  if (typeof items === 'object' && items !== null) return Object.keys(items);
  return [typeof name === 'string' ? name : unknown];
}

function findKey({ KeyId: reference }: Readonly<Record<string, unknown>>, { keyArn }: CallTargets): string {
  // Operations without a key, such as ListAliases, are allowed on everything or nothing.
  return typeof reference === 'string' ? (keyArn(reference) ?? unknown) : '*';
}

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function contextOfKms(input: Readonly<Record<string, unknown>>): Record<string, string> {
  const { SigningAlgorithm: algorithm, MessageType: type = 'RAW' } = input;
  return algorithm === undefined
    ? {}
    : { 'kms:SigningAlgorithm': String(algorithm), 'kms:MessageType': String(type) };
}
