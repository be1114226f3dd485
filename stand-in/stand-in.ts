import type { Clock } from '../lambdas/core/ports.ts';
import type { Behaviour, BehaviourPatch } from './behaviour/behaviour.ts';
import type { RotationStep } from './keys/key-ring.ts';
import type { KeyPurpose } from './keys/provider-keys.ts';
import type { Delivery, ReleaseOrder } from './logout/backchannel-logout.ts';
import type { LogoutToken, LogoutTokenOptions } from './logout/logout-token-options.ts';
import type { InPersonResult } from './people/people.ts';
import type { Person } from './people/person.ts';
import type { ClientRegistration } from './registration.ts';
import type { RefusalRecord } from './server/refusal.ts';
import type { RequestLogEntry } from './server/request-log.ts';

/** Where and for whom the stand-in runs. */
export interface StandInOptions {
  /** 0 for any free port. */
  readonly port: number;
  /**
   * The host in its URL. It listens on the loopback interface in either case.
   * @default 'localhost'
   */
  readonly host?: 'localhost' | '127.0.0.1';
  /** @default the system's */
  readonly clock?: Clock;
  readonly client: ClientRegistration;
  /** Told of each refused request, so that a developer can be shown why. */
  readonly onRefusal?: (refusal: RefusalRecord) => void;
}

/** A running stand-in. Everything that changes it can also be done over HTTP, see `docs/stand-in.md`. */
export interface StandIn {
  /** `http://localhost:PORT`, without a trailing slash. */
  readonly url: string;
  /** The issuer of ID tokens and core identities: the URL with a trailing slash. */
  readonly issuer: string;
  /** The DID of the core identity keys. */
  readonly did: string;
  readonly client: ClientRegistration;

  readonly behaviour: Behaviour;
  /** @throws InvalidChange naming the field; then nothing has changed */
  change(patch: BehaviourPatch): void;
  /** Back to the start in everything but the keys. */
  reset(): void;

  readonly people: readonly Person[];
  /** Adds somebody, in place of whoever has that id, until the next reset. */
  addPerson(person: Person): void;

  /** What reached the stand-in, oldest first, `/control` excepted. */
  readonly requests: readonly RequestLogEntry[];
  clearRequests(): void;
  /** What it refused, and why, oldest first. */
  readonly refusals: readonly RefusalRecord[];
  clearRefusals(): void;

  /** The key ids of each purpose. */
  readonly keys: Readonly<Record<KeyPurpose, KeyIds>>;
  /** @throws RotationOutOfOrder */
  rotateKeys(purpose: KeyPurpose, step: RotationStep): Promise<void>;
  /** Forgets the service's keys, as if 24 hours had passed. */
  forgetClientKeys(): void;

  mintLogoutToken(options: LogoutTokenOptions): Promise<LogoutToken>;
  /** Sends a logout token until it is answered with 200 or has been tried four times. */
  sendBackchannelLogout(options: LogoutTokenOptions): Promise<Delivery>;
  /** Sends what `backchannelLogout.held` kept back. */
  releaseBackchannelLogouts(order: ReleaseOrder): Promise<readonly Delivery[]>;
  /** What was delivered or given up so far. */
  readonly backchannelLogouts: readonly Delivery[];
  readonly heldBackchannelLogouts: number;
  /** Resolves when no notification that the stand-in began by itself is under way. */
  backchannelLogoutsSettled(): Promise<void>;

  /** Signs every browser out at the stand-in, without telling the service. */
  forgetBrowsers(): void;
  /**
   * Ends the in-person check of a person.
   * @returns the link in the e-mail that they get
   */
  finishInPersonCheck(personId: string, result: InPersonResult): string;

  close(): Promise<void>;
}

/** The ids of the keys of one purpose. */
export interface KeyIds {
  readonly published: readonly string[];
  readonly signing: string;
  readonly removed: readonly string[];
}
