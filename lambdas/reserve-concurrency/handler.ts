import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { Clock } from '../core/ports.ts';
import type { CustomResourceResult } from '../custom-resource/handle-custom-resource.ts';
import { retryWhileAccessDenied } from '../custom-resource/retry-while-access-denied.ts';

export interface ReserveConcurrencyDependencies {
  /** Lambda's PutFunctionConcurrency. */
  readonly putFunctionConcurrency: (functionName: string, reserved: number) => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * Handles the custom resource of a concurrency that is reserved by default. Its properties are `FunctionName` and `Reserved`.
 * When the account has too little concurrency to reserve any, the deployment goes on without. CloudFormation's own property
 * would fail it. The deletion does nothing: a deleted function needs no reservation, and a function with a number in the config has that.
 *
 * @returns `Reserved`: the number, or 0 when the account has too little concurrency
 * @throws Error for every other failure
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
 */
export async function reserveConcurrency(
  { putFunctionConcurrency, clock }: ReserveConcurrencyDependencies,
  event: CloudFormationCustomResourceEvent,
): Promise<CustomResourceResult> {
  if (event.RequestType === 'Delete') return { physicalResourceId: event.PhysicalResourceId };
  const name: unknown = event.ResourceProperties['FunctionName'];
  // CloudFormation passes numbers as text.
  const reserved = Number(event.ResourceProperties['Reserved']);
  if (typeof name !== 'string' || !Number.isInteger(reserved)) {
    throw new Error('the properties FunctionName and Reserved must be a name and a whole number');
  }
  const answer = (count: number) => ({ physicalResourceId: name, data: { Reserved: String(count) } });
  try {
    await retryWhileAccessDenied(() => putFunctionConcurrency(name, reserved), clock);
    return answer(reserved);
  } catch (error) {
    if (isConcurrencyTooLow(error)) return answer(0);
    throw error;
  }
}

/** "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value". */
function isConcurrencyTooLow(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'InvalidParameterValueException' &&
    error.message.includes('UnreservedConcurrentExecution')
  );
}
