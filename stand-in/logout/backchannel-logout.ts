import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../../lambdas/core/ports.ts';
import type { BackchannelLogoutBehaviour } from '../behaviour/behaviour.ts';
import type { LogoutToken, LogoutTokenOptions } from './logout-token-options.ts';

/** One attempt to deliver a notification. */
export interface DeliveryAttempt {
  readonly jti: string;
  /** Milliseconds since the epoch, by the stand-in's clock. */
  readonly at: number;
  /** The status of the relying party's response; undefined without one. */
  readonly status: number | undefined;
  /** The reason why there was no response. */
  readonly error: string | undefined;
}

/** The result of a notification. */
export interface Delivery {
  readonly sub: string;
  readonly attempts: readonly DeliveryAttempt[];
  /** Whether an attempt got a 200. Every other status is a failure. */
  readonly delivered: boolean;
}

/** How the notifications are created. */
interface BackchannelLogoutPorts {
  readonly mint: (options: LogoutTokenOptions) => Promise<LogoutToken>;
  readonly behaviour: () => BackchannelLogoutBehaviour;
  /** The only certificate to trust, in PEM. @default those that Node trusts */
  readonly certificate?: string | undefined;
}

/** The order in which held notifications are released. */
export const releaseOrders = ['first_first', 'last_first'] as const;
export type ReleaseOrder = (typeof releaseOrders)[number];

/** How many deliveries to keep; older ones are removed. */
const capacity = 1_000;

/** How often to send a notification again. */
const retries = 3;

/** How long the relying party may take to respond. */
const timeoutMilliseconds = 15_000;

/** Notifies the relying party of logouts (docs/one-login.md, 6): again after anything but 200, with a new `jti`. */
export class BackchannelLogout {
  readonly #ports: BackchannelLogoutPorts;
  readonly #url: string | undefined;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #inProgress = new Set<Promise<unknown>>();
  #held: LogoutTokenOptions[] = [];
  /** The last notifications that were delivered or have failed, in the order of their ends. */
  deliveries: readonly Delivery[] = [];

  /** @param url the back-channel logout URI; without one nothing is sent */
  constructor(url: string | undefined, clock: Clock, ports: BackchannelLogoutPorts) {
    this.#url = url;
    this.#clock = clock;
    this.#ports = ports;
  }

  /** How many notifications wait for {@link release}. */
  get heldCount(): number {
    return this.#held.length;
  }

  /** Sends a notification of the end of a session in the background, or holds it. */
  notify(sub: string): void {
    const { automatic, held, copies } = this.#ports.behaviour();
    if (!automatic || this.#url === undefined) return;
    for (let copy = 0; copy < copies; copy++) {
      if (held) this.#held.push({ sub });
      else this.#track(this.send({ sub }));
    }
  }

  /** Sends the held notifications, each after the end of the one before. */
  async release(order: ReleaseOrder): Promise<readonly Delivery[]> {
    const held = order === 'first_first' ? this.#held : this.#held.toReversed();
    this.#held = [];
    const deliveries: Delivery[] = [];
    for (const options of held) deliveries.push(await this.send(options));
    return deliveries;
  }

  /** Sends one notification until it gets a 200 or there are no more retries. */
  async send(options: LogoutTokenOptions): Promise<Delivery> {
    if (this.#url === undefined)
      throw new Error('the client is registered without a back-channel logout URI');
    const attempts: DeliveryAttempt[] = [];
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (attempt > 0) await this.#clock.wait(this.#ports.behaviour().retryDelay);
      if (this.#abort.signal.aborted) break;
      const result = await this.#try(this.#url, options);
      attempts.push(result);
      if (result.status === 200) break;
    }
    const delivery = { sub: options.sub, attempts, delivered: attempts.at(-1)?.status === 200 };
    this.deliveries = [...this.deliveries, delivery].slice(-capacity);
    return delivery;
  }

  /** Resolves when no notification is in progress. Held notifications do not count. */
  async settled(): Promise<void> {
    while (this.#inProgress.size > 0) await Promise.all(this.#inProgress);
  }

  /** Removes the deliveries and the held notifications. */
  clear(): void {
    this.#held = [];
    this.deliveries = [];
  }

  /** Aborts the notifications in progress. */
  close(): void {
    this.#abort.abort();
  }

  async #try(url: string, options: LogoutTokenOptions): Promise<DeliveryAttempt> {
    const { token, jti } = await this.#ports.mint(options);
    const at = this.#clock.now();
    const { certificate } = this.#ports;
    try {
      const status = await postLogoutToken(url, token, certificate, this.#abort.signal);
      return { jti, at, status, error: undefined };
    } catch (error) {
      return { jti, at, status: undefined, error: (error as Error).message };
    }
  }

  #track(sending: Promise<unknown>): void {
    const tracked = sending.finally(() => this.#inProgress.delete(tracked));
    this.#inProgress.add(tracked);
  }
}

/** Sends a logout token as One Login does, as the only field of a form. @returns the status of the response */
async function postLogoutToken(
  url: string,
  token: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  const request = send(url, {
    method: 'POST',
    agent: false,
    ca,
    headers,
    signal: AbortSignal.any([signal, timeout]),
  });
  const received = once(request, 'response');
  // After the response, an error of the connection changes nothing.
  request.on('error', () => {}).end(`logout_token=${token}`);
  const [response] = await received;
  response.resume();
  return response.statusCode;
}
