/** What a worker thread is started with. */
export interface WorkerStart {
  /** The bundle's entry, as a file URL. */
  readonly moduleUrl: string;
  /** The name of the export that handles events. */
  readonly exportName: string;
}

/** What the Lambda context says of the function, the same for every invocation. */
export interface FunctionIdentity {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** In MB, as a string, as Lambda gives it. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** An event for the worker to handle. */
export interface WorkerInvocation {
  readonly event: unknown;
  readonly awsRequestId: string;
  /** When the time is over, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly identity: FunctionIdentity;
}

/** An error as Lambda reports it to whoever invoked the function. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a worker says: once whether it could load the bundle, then one answer for each invocation. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };
