import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readErrorName } from '../core/errors.ts';
import type { Clock } from '../core/ports.ts';
import { KeptConnections } from './kept-connections.ts';
import { SystemClock } from './system-clock.ts';

/** What tests of the AWS clients make shorter, or do not wait for. */
export interface AwsClientSettings {
  /** Until the TCP connection stands. @default 1000 */
  readonly connectTimeoutMilliseconds?: number;
  /** Of each try, until its answer has been read. @default 2000 */
  readonly requestTimeoutMilliseconds?: number;
  /** Measures how long connections have been idle. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Called after each try of each request. */
  readonly onTry?: OnTry;
}

/**
 * Called after a try of a request, when its answer was read or it was given up.
 *
 * @param milliseconds how long it took
 * @param throttled whether AWS refused it because there were too many
 */
export type OnTry = (milliseconds: number, throttled: boolean) => void;

/** AWS keeps idle connections for about a minute. */
const maxIdleMilliseconds = 30_000;

interface AwsClientOptions {
  readonly maxAttempts: number;
  readonly retryMode: string;
  readonly requestHandler: Readonly<Record<string, unknown>>;
}

/** What every client of the SDK has; the types of its requests differ. */
type AwsClient = Pick<DynamoDBClient, 'config' | 'middlewareStack'>;

/**
 * Creates an AWS client that gives up in time: one per instance of a function, since it holds the connections. DynamoDB
 * and KMS respond in about ten milliseconds. What takes two seconds will not come, and a second repetition would only
 * keep the user waiting. The SDK reads region, credentials and endpoint from the environment.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/tree/main/packages/node-http-handler
 */
export function createAwsClient<Client>(
  ClientClass: new (options: AwsClientOptions) => Client,
  settings: AwsClientSettings,
): Client {
  const { requestTimeoutMilliseconds: requestTimeout = 2000, clock = new SystemClock() } = settings;
  const httpsAgent = new Agent({ keepAlive: true });
  const connections = new KeptConnections(httpsAgent, clock, maxIdleMilliseconds);
  const client = new ClientClass({
    maxAttempts: 2,
    retryMode: 'standard',
    requestHandler: {
      httpsAgent,
      connectionTimeout: settings.connectTimeoutMilliseconds ?? 1000,
      requestTimeout,
      // Without it the handler only logs a warning when the time is over, and goes on waiting.
      throwOnRequestTimeout: true,
    },
  });
  const { config, middlewareStack } = client as AwsClient;
  limitTries(config.requestHandler, requestTimeout);
  middlewareStack.add(
    (next) => (request) => {
      connections.closeStale();
      return next(request);
    },
    { step: 'deserialize', name: 'closeStaleConnections' },
  );
  // After the middleware that repeats requests: each try is observed.
  middlewareStack.add((next) => observeTries(next, settings.onTry), {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'observeTries',
  });
  return client;
}

/** The part of the SDK's HTTP handler that is used here. */
interface Handler<Request, Options, Response> {
  handle(request: Request, options?: Options): Promise<{ response: Response }>;
}

/**
 * Limits the whole time of each try. The handler's own limits apply to silence only: they never end an answer that comes
 * byte by byte, and one that changes the protocol (101) never settles.
 *
 * @param handler of the client; is changed
 */
function limitTries<Request, Options extends { abortSignal?: unknown }, Response extends { body?: Readable }>(
  handler: Handler<Request, Options, Response>,
  milliseconds: number,
): void {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(createTimeoutError(milliseconds)), milliseconds);
    const callers = options?.abortSignal instanceof AbortSignal ? [options.abortSignal] : [];
    const signal = AbortSignal.any([over.signal, ...callers]);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason));
    try {
      const result = await Promise.race([
        handle(request, { ...options, abortSignal: signal } as Options & { abortSignal: AbortSignal }),
        aborted,
      ]);
      const { body } = result.response;
      signal.addEventListener('abort', () => body?.destroy(signal.reason));
      body?.once('close', () => clearTimeout(timer));
      return result;
    } catch (error) {
      clearTimeout(timer);
      throw error;
    }
  };
}

/** The SDK tries again after an error of this name. */
function createTimeoutError(milliseconds: number): Error {
  return Object.assign(new Error(`no complete response within ${milliseconds} ms`), { name: 'TimeoutError' });
}

/** The names of the errors with which DynamoDB and KMS throttle. */
const throttlingErrors = /^(Throttl|RequestLimitExceeded|ProvisionedThroughputExceeded)/;

/** Wraps the function that sends one try of a request. */
function observeTries<Request, Result>(
  send: (request: Request) => Promise<Result>,
  onTry: OnTry = () => undefined,
): (request: Request) => Promise<Result> {
  return async (request) => {
    const began = performance.now();
    let throttled = false;
    try {
      return await send(request);
    } catch (error) {
      throttled = throttlingErrors.test(readErrorName(error));
      throw error;
    } finally {
      onTry(performance.now() - began, throttled);
    }
  };
}
