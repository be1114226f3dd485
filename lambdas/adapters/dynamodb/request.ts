import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { RelyingPartyError } from '../../core/errors.ts';
import { errorName } from '../error-name.ts';

/**
 * Sends one request to DynamoDB: the one place where its failures become ours.
 *
 * @param operation what was tried and on which table, for the message; never a key or a value
 * @throws RelyingPartyError `dynamodb_unavailable`, with what the SDK threw as its cause
 */
export async function dynamoDbRequest<Output>(
  operation: string,
  send: () => Promise<Output>,
): Promise<Output> {
  try {
    return await send();
  } catch (error) {
    throw unavailable(operation, error);
  }
}

/**
 * Sends one conditional write.
 *
 * @param operation as for {@link dynamoDbRequest}
 * @returns DynamoDB's answer, or undefined when the condition did not hold and nothing was written
 * @throws RelyingPartyError `dynamodb_unavailable`
 */
export async function conditionalWrite<Output>(
  operation: string,
  send: () => Promise<Output>,
): Promise<Output | undefined> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw unavailable(operation, error);
  }
}

function unavailable(operation: string, cause: unknown): RelyingPartyError {
  return new RelyingPartyError('dynamodb_unavailable', `${operation} failed: ${errorName(cause)}`, { cause });
}
