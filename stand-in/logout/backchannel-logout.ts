import type { BackchannelLogoutBehaviour } from '../behaviour/behaviour.ts';
import type { LogoutToken, LogoutTokenOptions } from './logout-token-options.ts';

/** One try to deliver a notification. */
export interface DeliveryAttempt {
  readonly jti: string;
  /** Milliseconds since the epoch, by the stand-in's clock. */
  readonly at: number;
  /** Of the relying party's answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Why there was no answer. */
  readonly error: string | undefined;
}

/** What became of a notification. */
export interface Delivery {
  readonly sub: string;
  readonly attempts: readonly DeliveryAttempt[];
  /** Whether an attempt was answered with 200: nothing else counts. */
  readonly delivered: boolean;
}

/** What the sending of logout tokens needs. */
export interface BackchannelLogoutPorts {
  readonly mint: (options: LogoutTokenOptions) => Promise<LogoutToken>;
  /** @returns the status of the answer; rejects when there was none */
  readonly post: (url: string, token: string, signal: AbortSignal) => Promise<number>;
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly behaviour: () => BackchannelLogoutBehaviour;
}

/** In which order held notifications are released. */
export const releaseOrders = ['first_first', 'last_first'] as const;
export type ReleaseOrder = (typeof releaseOrders)[number];

/** How often a notification is tried again. */
const retries = 3;

/** Tells the relying party of logouts (docs/one-login.md, 6): again after anything but 200, with a new `jti`. */
export class BackchannelLogout {
  readonly #ports: BackchannelLogoutPorts;
  readonly #url: string | undefined;
  readonly #abort = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #held: LogoutTokenOptions[] = [];
  #deliveries: Delivery[] = [];

  /** @param url where to send them; without one nothing is ever sent */
  constructor(url: string | undefined, ports: BackchannelLogoutPorts) {
    this.#url = url;
    this.#ports = ports;
  }

  /** The notifications that were delivered or given up, in the order in which that happened. */
  get deliveries(): readonly Delivery[] {
    return this.#deliveries;
  }

  /** How many notifications wait for {@link release}. */
  get heldCount(): number {
    return this.#held.length;
  }

  /** Notifies in the background of the end of a session, unless told not to, or to hold it. */
  notify(sub: string): void {
    const { automatic, held, copies } = this.#ports.behaviour();
    if (!automatic || this.#url === undefined) return;
    for (let copy = 0; copy < copies; copy++) {
      if (held) this.#held.push({ sub });
      else this.#track(this.send({ sub }));
    }
  }

  /** Sends the held notifications, each when the one before has been delivered or given up. */
  async release(order: ReleaseOrder): Promise<readonly Delivery[]> {
    const held = order === 'first_first' ? this.#held : this.#held.toReversed();
    this.#held = [];
    const deliveries: Delivery[] = [];
    for (const options of held) deliveries.push(await this.send(options));
    return deliveries;
  }

  /** Sends one notification until it is answered with 200 or the retries are used up. */
  async send(options: LogoutTokenOptions): Promise<Delivery> {
    if (this.#url === undefined)
      throw new Error('the client is registered without a back-channel logout URI');
    const attempts: DeliveryAttempt[] = [];
    for (let attempt = 0; attempt <= retries; attempt++) {
      if (attempt > 0) await this.#ports.wait(this.#ports.behaviour().retryDelay);
      if (this.#abort.signal.aborted) break;
      const result = await this.#try(this.#url, options);
      attempts.push(result);
      if (result.status === 200) break;
    }
    const delivery = { sub: options.sub, attempts, delivered: attempts.at(-1)?.status === 200 };
    this.#deliveries.push(delivery);
    return delivery;
  }

  /** Resolves when no notification is under way; held ones are not. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Forgets what was delivered and what is held. */
  clear(): void {
    this.#held = [];
    this.#deliveries = [];
  }

  /** Gives up whatever is under way. */
  close(): void {
    this.#abort.abort();
  }

  async #try(url: string, options: LogoutTokenOptions): Promise<DeliveryAttempt> {
    const { token, jti } = await this.#ports.mint(options);
    const at = this.#ports.now();
    try {
      return { jti, at, status: await this.#ports.post(url, token, this.#abort.signal), error: undefined };
    } catch (error) {
      return { jti, at, status: undefined, error: (error as Error).message };
    }
  }

  #track(sending: Promise<unknown>): void {
    const tracked = sending.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }
}
