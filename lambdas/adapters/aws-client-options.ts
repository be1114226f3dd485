import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import type { Clock } from '../core/ports.ts';
import { errorName } from './error-name.ts';
import { KeptConnections } from './kept-connections.ts';
import { SystemClock } from './system-clock.ts';

/** What tests of the AWS clients make shorter, or do not wait for. */
export interface AwsClientSettings {
  /** Until the TCP connection stands. @default 1000 */
  readonly connectTimeoutMilliseconds?: number;
  /** Of each try, until its answer has been read. @default 2000 */
  readonly requestTimeoutMilliseconds?: number;
  /** Tells how long connections have been idle. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Told of each try of each request. @default nobody is */
  readonly onTry?: OnTry;
}

/**
 * Told of a try of a request, when its answer was read or it was given up.
 *
 * @param milliseconds how long it took
 * @param throttled whether AWS refused it because there were too many
 */
export type OnTry = (milliseconds: number, throttled: boolean) => void;

/** AWS keeps idle connections for about a minute. */
const maxIdleMilliseconds = 30_000;

/** What an AWS client is made with, and what it must do before each try of a request. */
export interface AwsClientOptions {
  readonly options: {
    readonly maxAttempts: number;
    readonly retryMode: string;
    readonly requestHandler: Readonly<Record<string, unknown>>;
  };
  readonly connections: KeptConnections;
  /** For {@link limitTries}. */
  readonly tryTimeout: number;
}

/**
 * What every AWS client of ours is made with. DynamoDB and KMS answer in some ten milliseconds: what takes
 * two seconds will not come, and a second repetition would only keep the user waiting. Region, credentials
 * and endpoint come from the environment, as the SDK reads it.
 *
 * @see https://github.com/smithy-lang/smithy-typescript/tree/main/packages/node-http-handler
 */
export function awsClientOptions(settings: AwsClientSettings): AwsClientOptions {
  const requestTimeout = settings.requestTimeoutMilliseconds ?? 2000;
  const httpsAgent = new Agent({ keepAlive: true });
  return {
    options: {
      maxAttempts: 2,
      retryMode: 'standard',
      requestHandler: {
        httpsAgent,
        connectionTimeout: settings.connectTimeoutMilliseconds ?? 1000,
        requestTimeout,
        // Without it the handler only logs a warning when the time is over, and goes on waiting.
        throwOnRequestTimeout: true,
      },
    },
    tryTimeout: requestTimeout,
    connections: new KeptConnections(httpsAgent, settings.clock ?? new SystemClock(), maxIdleMilliseconds),
  };
}

/** What of the SDK's HTTP handler matters here. */
interface Handler<Request, Options, Response> {
  handle(request: Request, options?: Options): Promise<{ response: Response }>;
}

/**
 * Gives each try of a client's requests one time for all of it. The handler's own limits are of silence: an answer that
 * drips never ends by them, and one that changes the protocol (101) never settles.
 *
 * @param handler of the client; changed
 */
export function limitTries<
  Request,
  Options extends { abortSignal?: unknown },
  Response extends { body?: Readable },
>(handler: Handler<Request, Options, Response>, milliseconds: number): void {
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, options) => {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(timedOut(milliseconds)), milliseconds);
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

/** The SDK takes an error of this name for one after which it may try again. */
function timedOut(milliseconds: number): Error {
  return Object.assign(new Error(`no complete answer within ${milliseconds} ms`), { name: 'TimeoutError' });
}

/** What the errors are called by which DynamoDB and KMS refuse what is too much. */
const throttlingErrors = /^(Throttl|RequestLimitExceeded|ProvisionedThroughputExceeded)/;

/**
 * Wraps what sends one try of a request of an AWS client.
 *
 * @param onTry told of it, whatever comes of it
 */
export function observeTries<Request, Result>(
  send: (request: Request) => Promise<Result>,
  onTry: OnTry = () => undefined,
): (request: Request) => Promise<Result> {
  return async (request) => {
    const began = performance.now();
    let throttled = false;
    try {
      return await send(request);
    } catch (error) {
      throttled = throttlingErrors.test(errorName(error));
      throw error;
    } finally {
      onTry(performance.now() - began, throttled);
    }
  };
}
