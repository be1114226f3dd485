/** The data with which a worker thread is started. */
export interface WorkerStart {
  /** The bundle's entry, as a file URL. */
  readonly moduleUrl: string;
  /** The name of the export that handles events. */
  readonly exportName: string;
  /**
   * An origin, and where `fetch` connects to in its place: the machine may not find the service's public origin, or find it
   * only through a tunnel. @default none
   */
  readonly reroute?: { readonly from: string; readonly to: string } | undefined;
}

/** The part of the Lambda context that is the same for every invocation. */
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
  /** The end of the function's time, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly identity: FunctionIdentity;
}

/** An error as Lambda reports it to the caller. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** A message of a worker: first, whether it could load the bundle; then one result for each invocation. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };
