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

/** The address and the client of the stand-in. */
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
  /** Called with each refused request, for the developer. */
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
  /** Restores the start of everything except the keys. */
  reset(): void;

  readonly people: readonly Person[];
  /** Adds a person, or replaces the person with that id, until the next reset. */
  addPerson(person: Person): void;

  /** The requests except those to `/control`, the oldest first. */
  readonly requests: readonly RequestLogEntry[];
  clearRequests(): void;
  /** The refused requests with the reasons, the oldest first. */
  readonly refusals: readonly RefusalRecord[];
  clearRefusals(): void;

  /** The key ids of each purpose. */
  readonly keys: Readonly<Record<KeyPurpose, KeyIds>>;
  /** @throws RotationOutOfOrder */
  rotateKeys(purpose: KeyPurpose, step: RotationStep): Promise<void>;
  /** Removes the service's keys from the cache, as if 24 hours had passed. */
  forgetClientKeys(): void;

  mintLogoutToken(options: LogoutTokenOptions): Promise<LogoutToken>;
  /** Sends a logout token until the service returns 200, at most four times. */
  sendBackchannelLogout(options: LogoutTokenOptions): Promise<Delivery>;
  /** Sends the notifications that `backchannelLogout.held` holds. */
  releaseBackchannelLogouts(order: ReleaseOrder): Promise<readonly Delivery[]>;
  /** The notifications that were delivered or have failed. */
  readonly backchannelLogouts: readonly Delivery[];
  readonly heldBackchannelLogouts: number;
  /** Resolves when no automatic notification is in progress. */
  backchannelLogoutsSettled(): Promise<void>;

  /** Signs every browser out at the stand-in without a notification to the service. */
  forgetBrowsers(): void;
  /**
   * Ends the in-person check of a person.
   * @returns the link in their email
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
