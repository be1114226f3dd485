import type { BehaviourPatch } from './behaviour/behaviour.ts';
import type { KeyRing, RotationStep } from './keys/key-ring.ts';
import type { KeyPurpose } from './keys/provider-keys.ts';
import type { ReleaseOrder } from './logout/backchannel-logout.ts';
import { mintLogoutToken } from './logout/logout-token.ts';
import type { LogoutTokenOptions } from './logout/logout-token-options.ts';
import type { InPersonResult } from './people/people.ts';
import type { Person } from './people/person.ts';
import type { Provider } from './provider.ts';
import type { ClientRegistration } from './registration.ts';
import type { RefusalRecord } from './server/refusal.ts';
import type { RequestLogEntry } from './server/request-log.ts';
import { buildEmailLink } from './sign-in/in-person.ts';

/** A running stand-in. Everything that changes it can also be done over HTTP, see `docs/stand-in.md`. */
export type StandIn = ReturnType<typeof buildStandIn>;

/** @param close stops the server */
export function buildStandIn(provider: Provider, close: () => Promise<void>) {
  const { behaviour, people, keys, requests, refusals, backchannelLogout, sessions, clientKeys } = provider;
  return {
    /** `http://localhost:PORT`, without a trailing slash. */
    url: provider.url,
    /** The issuer of ID tokens and core identities: the URL with a trailing slash. */
    issuer: provider.issuer,
    /** The DID of the core identity keys. */
    did: provider.did,
    get client() {
      return provider.client;
    },
    /** Changes the registration, except its URLs and its algorithm. */
    register: (client: ClientRegistration) => {
      provider.client = client;
    },
    get behaviour() {
      return behaviour.current;
    },
    /** @throws InvalidChange naming the field; then nothing has changed */
    change: (patch: BehaviourPatch) => behaviour.change(patch),
    /** Restores the start of everything except the keys. */
    reset: () => reset(provider),
    get people() {
      return people.all;
    },
    /** Adds a person, or replaces the person with that id, until the next reset. */
    addPerson: (person: Person) => people.add(person),
    /** The requests except those to `/control`, the oldest first. */
    get requests(): readonly RequestLogEntry[] {
      return requests.entries;
    },
    clearRequests: () => requests.clear(),
    /** The refused requests with the reasons, the oldest first. */
    get refusals(): readonly RefusalRecord[] {
      return refusals.records;
    },
    clearRefusals: () => refusals.clear(),
    /** The key ids of each purpose. */
    get keys() {
      return { id_token: listKeyIds(keys.idToken), did: listKeyIds(keys.did) };
    },
    /** @throws RotationOutOfOrder */
    rotateKeys: (purpose: KeyPurpose, step: RotationStep) => keys.rotate(purpose, step),
    /** Removes the service's keys from the cache, as if 24 hours had passed. */
    forgetClientKeys: () => clientKeys.clear(),
    mintLogoutToken: (options: LogoutTokenOptions) => mintLogoutToken(provider, options),
    /** Sends a logout token until the service returns 200, at most four times. */
    sendBackchannelLogout: (options: LogoutTokenOptions) => backchannelLogout.send(options),
    /** Sends the notifications that `backchannelLogout.held` holds. */
    releaseBackchannelLogouts: (order: ReleaseOrder) => backchannelLogout.release(order),
    /** The notifications that were delivered or have failed. */
    get backchannelLogouts() {
      return backchannelLogout.deliveries;
    },
    get heldBackchannelLogouts() {
      return backchannelLogout.heldCount;
    },
    /** Resolves when no automatic notification is in progress. */
    backchannelLogoutsSettled: () => backchannelLogout.settled(),
    /** Signs every browser out at the stand-in without a notification to the service. */
    forgetBrowsers: () => sessions.clear(),
    /** Ends the in-person check of a person. @returns the link in their email */
    finishInPersonCheck: (personId: string, result: InPersonResult) =>
      finishInPersonCheck(provider, personId, result),
    close,
  };
}

function reset(provider: Provider): void {
  provider.behaviour.reset();
  provider.people.reset();
  const { clientKeys, sessions, journeys, codes, accessTokens, usedAssertions } = provider;
  const { backchannelLogout, requests, refusals } = provider;
  const stores = [clientKeys, sessions, journeys, codes, accessTokens, usedAssertions];
  for (const store of [...stores, backchannelLogout, requests, refusals]) store.clear();
}

function finishInPersonCheck(provider: Provider, personId: string, result: InPersonResult): string {
  const person = provider.people.find(personId);
  if (person === undefined) throw new Error(`there is no person with the id ${JSON.stringify(personId)}`);
  provider.people.finishInPersonCheck(person, result);
  return buildEmailLink(provider, person, result);
}

function listKeyIds({ published, signing, removed }: KeyRing) {
  return {
    published: published.map(({ kid }) => kid),
    signing: signing.kid,
    removed: removed.map(({ kid }) => kid),
  };
}
