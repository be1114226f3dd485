import type { InvocationResult, LocalFunction } from '../../../local/functions/local-function.ts';

/** A function that runs in this process. */
export function stubFunction(
  logicalId: string,
  handle: (event: unknown) => InvocationResult | Promise<InvocationResult>,
): LocalFunction {
  const stub: Pick<LocalFunction, 'logicalId' | 'identity' | 'invoke' | 'close'> = {
    logicalId,
    identity: {
      functionName: `${logicalId}-name`,
      functionVersion: '$LATEST',
      invokedFunctionArn: stubArn(logicalId),
      memoryLimitInMB: '128',
      logGroupName: `/aws/lambda/${logicalId}-name`,
      logStreamName: '',
    },
    invoke: async (event) => handle(event),
    close: async () => {},
  };
  return stub as LocalFunction;
}

export function stubArn(logicalId: string): string {
  return `arn:aws:lambda:eu-west-2:123456789012:function:${logicalId}-name`;
}

export function returned(payload: unknown): InvocationResult {
  return { kind: 'returned', payload };
}
