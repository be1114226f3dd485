import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { SystemClock } from '../adapters/system-clock.ts';
import { handleCustomResource } from '../custom-resource/handle-custom-resource.ts';
import { reserveConcurrency } from './handler.ts';

const lambda = new LambdaClient();
const putFunctionConcurrency = (FunctionName: string, ReservedConcurrentExecutions: number) =>
  lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
const clock = new SystemClock();

/** Called by CloudFormation, once for each function whose concurrency is reserved by default. */
export const handler = (event: CloudFormationCustomResourceEvent): Promise<void> =>
  handleCustomResource(event, (received) => reserveConcurrency({ putFunctionConcurrency, clock }, received));
