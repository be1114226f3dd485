import { withSignal } from '../core/flow/with-signal.ts';
import type { Clock } from '../core/ports.ts';
import { AwsError, readAwsError } from './aws/aws-error.ts';
import { readAwsJson, writeAwsJson } from './aws/aws-json.ts';
import {
  type AnyCommand,
  type AwsSender,
  type AwsService,
  findEndpoint,
  readRegion,
  type SendOptions,
} from './aws/aws-service.ts';
import { crc32 } from './aws/crc32.ts';
import { type AwsCredentials, signRequest } from './aws/signature.ts';
import { ConnectionPool } from './http/connection-pool.ts';
import { type ExchangeLimits, exchange, type HttpResponse, UnexpectedResponse } from './http/exchange.ts';
import { SystemClock } from './system-clock.ts';

/** What tests of the AWS clients make shorter, or do not wait for. */
export interface AwsClientSettings {
  /** Until a new connection is open, with name lookup and TLS. @default 1000 */
  readonly connectTimeoutMilliseconds?: number;
  /** The time limit of each try, until its response has been read. @default 2000 */
  readonly requestTimeoutMilliseconds?: number;
  /** Measures how long connections have been idle, and waits between two tries. */
  readonly clock?: Pick<Clock, 'now' | 'wait'>;
  /** Called after each try of each request. */
  readonly onTry?: OnTry;
  /** Has the region, the endpoint and the credentials. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** Sends one try. */
  readonly exchange?: typeof exchange;
}

/**
 * Called after a try of a request, when its response was read or the client gave up.
 *
 * @param milliseconds how long it took
 * @param throttled whether AWS refused it because there were too many
 */
export type OnTry = (milliseconds: number, throttled: boolean) => void;

/** AWS keeps idle connections for about a minute. */
const maxIdleMilliseconds = 30_000;

/** A page of DynamoDB has up to 1 MB, and more as JSON. */
const maxBodyBytes = 2_000_000;

/** The longest pause before the second try, as in the SDK. The pause is random, so that instances do not go in step. */
const maxPauses = { transient: 50, throttling: 1000 };

/** AWS accepts a signature for five minutes. */
const maxClockErrorMilliseconds = 4 * 60_000;

/**
 * Calls a service of AWS: one client per instance of a function, since it holds the connections. DynamoDB and KMS respond in about ten
 * milliseconds. What takes two seconds will not come, so there are two tries, and a third would only keep the user waiting.
 *
 * The AWS SDK does the same in 170 KB, see docs/decisions/0051-calls-to-aws-without-the-sdk.md. Region, endpoint and
 * credentials come from the environment variables that Lambda sets.
 */
export class AwsClient<Service extends string> implements AwsSender<Service> {
  readonly #service: AwsService<Service>;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #region: string;
  readonly #endpoint: URL;
  readonly #pool: ConnectionPool;
  readonly #limits: ExchangeLimits;
  readonly #clock: Pick<Clock, 'now' | 'wait'>;
  readonly #onTry: OnTry;
  readonly #exchange: typeof exchange;
  /** Milliseconds that the clock of AWS is ahead of ours. */
  #clockOffset = 0;

  constructor(service: AwsService<Service>, settings: AwsClientSettings = {}) {
    this.#service = service;
    this.#environment = settings.environment ?? process.env;
    this.#region = readRegion(this.#environment);
    this.#endpoint = findEndpoint(service, this.#environment);
    this.#limits = {
      connectTimeoutMilliseconds: settings.connectTimeoutMilliseconds ?? 1000,
      totalTimeoutMilliseconds: settings.requestTimeoutMilliseconds ?? 2000,
      maxBodyBytes,
    };
    this.#clock = settings.clock ?? new SystemClock();
    this.#pool = new ConnectionPool(this.#clock, maxIdleMilliseconds);
    this.#onTry = settings.onTry ?? (() => undefined);
    this.#exchange = settings.exchange ?? exchange;
  }

  /**
   * Opens a connection for a request that is about to follow. Resolves when it is open or has failed.
   *
   * @throws Error if there are no credentials
   */
  async connect(): Promise<void> {
    readCredentials(this.#environment);
    await this.#pool.open(this.#endpoint);
  }

  /**
   * Sends a command, and once more when the failure may pass.
   *
   * @throws AwsError for an error of AWS; the error of the connection; the reason of the signal; Error if there are no credentials,
   *   or for a response that is not JSON
   */
  async send<Output>(
    { action, input }: AnyCommand<Service, Output>,
    { abortSignal: signal }: SendOptions = {},
  ): Promise<Output> {
    const body = writeAwsJson(input);
    const credentials = readCredentials(this.#environment);
    const send = () => this.#observe(() => this.#request(action, body, credentials, signal));
    let response: HttpResponse;
    try {
      response = await send();
    } catch (error) {
      if (error instanceof AwsError && !this.#correctClock(error) && !error.isTransient) throw error;
      await this.#pause(isThrottling(error) ? maxPauses.throttling : maxPauses.transient, signal);
      response = await send();
    }
    const output = readAwsJson(response.body, this.#service.byteFields);
    if (output === undefined) throw new UnexpectedResponse(`the response to ${action} is not JSON`);
    return output as Output;
  }

  /** @throws AwsError, or what kept a complete response from arriving */
  async #request(
    action: string,
    body: string,
    credentials: AwsCredentials,
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse> {
    const { name, target, jsonVersion } = this.#service;
    const headers = {
      host: this.#endpoint.host,
      'content-type': `application/x-amz-json-${jsonVersion}`,
      'x-amz-target': `${target}.${action}`,
    };
    const request = { method: 'POST', path: this.#endpoint.pathname, headers, body } as const;
    const time = Date.now() + this.#clockOffset;
    const signed = signRequest(request, { credentials, region: this.#region, service: name, time });
    const options = { ...this.#limits, method: request.method, headers: signed, body, signal };
    const response = await this.#exchange(this.#pool, this.#endpoint, options);
    const checksum = response.headers['x-amz-crc32'];
    if (checksum !== undefined && Number(checksum) !== crc32(response.body)) {
      throw new UnexpectedResponse('the response has another checksum');
    }
    if (response.status !== 200) throw readAwsError(response);
    return response;
  }

  async #observe<Result>(send: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    let throttled = false;
    try {
      return await send();
    } catch (error) {
      throttled = isThrottling(error);
      throw error;
    } finally {
      this.#onTry(performance.now() - began, throttled);
    }
  }

  /** Corrects our clock when AWS has refused a request, and its own clock differs. */
  #correctClock(error: AwsError): boolean {
    const offset = error.date - Date.now();
    if (!(Math.abs(offset - this.#clockOffset) > maxClockErrorMilliseconds)) return false;
    this.#clockOffset = offset;
    return true;
  }

  /** @throws the reason of the signal */
  async #pause(maxMilliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = signal ? withSignal({ clock: this.#clock }, signal) : { clock: this.#clock };
    await clock.wait(Math.floor(Math.random() * maxMilliseconds));
  }
}

function isThrottling(error: unknown): boolean {
  return error instanceof AwsError && error.isThrottling;
}

function readCredentials(environment: NodeJS.ProcessEnv): AwsCredentials {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set');
  }
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] };
}
