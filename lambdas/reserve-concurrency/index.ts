import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { SystemClock } from '../adapters/system-clock.ts';
import { createReserveConcurrencyHandler } from './handler.ts';

const lambda = new LambdaClient();

/** Called by CloudFormation, once for each function whose concurrency is reserved by default. */
export const handler = createReserveConcurrencyHandler({
  putFunctionConcurrency: (FunctionName, ReservedConcurrentExecutions) =>
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions })),
  clock: new SystemClock(),
});
