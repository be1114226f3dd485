import { ProviderDocumentCache } from '../../lambdas/core/flow/provider-document-cache.ts';
import { ProviderKeySource } from '../../lambdas/core/flow/provider-key-source.ts';
import {
  type RefreshDependencies,
  refreshDid,
  refreshDiscoveryAndJwks,
} from '../../lambdas/core/flow/refresh-documents.ts';
import { jwksDocument } from '../../lambdas/core/one-login/jwks.ts';
import type { ProviderRequest, ProviderResponse } from '../../lambdas/core/one-login/messages.ts';
import type { ProviderClient, ProviderDocumentStore } from '../../lambdas/core/ports.ts';
import { MemoryProviderDocumentStore } from '../../test/support/memory/provider-document-store.ts';
import {
  buildDocument,
  createProviderSigningKey,
  did,
  didBody,
  didDocumentUrl,
  discoveryBody,
  issuer,
  jwksBody,
} from '../../test/support/provider-documents.ts';
import { VirtualClock } from './virtual-clock.ts';

const second = 1_000;
const minute = 60 * second;
/** What the core waits for. The others take no time. */
const [tableTime, providerTime, tokenTime] = [8, 200, 600];

const [oldKey, newKey] = [createProviderSigningKey('old'), createProviderSigningKey('new')];
const identityKey = createProviderSigningKey(`${did}#key`);
const discoveryUrl = `${issuer}.well-known/openid-configuration`;
const jwksUrl = `${issuer}.well-known/jwks.json`;

/** How long a simulation runs. The schedule refreshes documents every five minutes, and they are due from the fourth. */
const minutes = 7;
const schedule = 5 * minute;
const due = 4 * minute;
const shortNotice = 5 * second;
/** The seconds between two sign-ins of each instance. */
export const secondsBetweenSignIns = 4;

export interface Rotation {
  /** Instances of the callback. */
  readonly instances: number;
  /** When One Login publishes its new key, and when it begins to sign with it, in milliseconds from the start. */
  readonly publishedAt: number;
  readonly usedAt: number;
  /** How many requests to One Login fail from the first use of the key on. */
  readonly failures: number;
}

/** One Login publishes the key six minutes before it uses it. */
export const announced = { publishedAt: 0, usedAt: 6.1 * minute, failures: 0 } as const;
/** One Login uses a key that it has just published. */
export const atOnce = { publishedAt: 2 * minute, usedAt: 2 * minute, failures: 0 } as const;
/** The first request for that key fails, too. */
export const atOnceAndFailing = { ...atOnce, failures: 1 } as const;

export interface RotationReport {
  readonly signIns: number;
  /** Requests for documents to One Login, with those that failed. */
  readonly fetches: number;
  /** The most reads of the table in a minute, for each instance, without the five seconds after the first use of the key. */
  readonly readsPerInstanceMinute: number;
  /** The most reads of the table in a second. */
  readonly readsPerSecond: number;
  /** Sign-ins with a valid token that were refused. */
  readonly refused: number;
  /** Milliseconds from the first use of the key until the last sign-in that was refused. 0 if none was. */
  readonly lastRefusedAfter: number;
  /** The longest that a sign-in waited for a key, in milliseconds. */
  readonly longestWait: number;
}

/**
 * Lets users sign in while One Login changes its key, with the core's own cache, key source and refresh, for each instance.
 * Only the table and One Login are not real, and time is not.
 */
export async function simulateRotation({
  instances,
  publishedAt,
  usedAt,
  failures,
}: Rotation): Promise<RotationReport> {
  const clock = new VirtualClock();
  const table = new MemoryProviderDocumentStore();
  await table.put(buildDocument('discovery', discoveryBody, 0, due));
  await table.put(buildDocument('jwks', jwksBody(oldKey), 0, due));
  await table.put(buildDocument('did', didBody(identityKey), 0, due));
  const reads: number[] = [];
  const provider = new RotatingProvider(clock, { publishedAt, usedAt, failures });

  const store = takeTime(table, clock, () => reads.push(clock.now()));
  const fleet = Array.from({ length: instances }, () => createInstance({ store, clock, client: provider }));
  void runSchedule({ store: takeTime(table, clock, () => {}), client: provider, clock });

  const refusals: number[] = [];
  const waits: number[] = [];
  const random = createRandom();
  async function signIn(): Promise<void> {
    const [instance] = fleet.splice(Math.floor(random() * fleet.length), 1);
    if (instance === undefined) throw new Error('all instances are busy: Lambda would start another one');
    await clock.wait(tokenTime);
    const began = clock.now();
    const key = await instance.findKey(began < usedAt ? 'old' : 'new').catch(() => undefined);
    if (key === undefined) refusals.push(clock.now());
    waits.push(clock.now() - began);
    fleet.push(instance);
  }

  const arrivals: Promise<void>[] = [];
  void arrive();
  async function arrive(): Promise<void> {
    const between = (secondsBetweenSignIns * second) / instances;
    for (let next = between; next < minutes * minute - 5 * second; next += between) {
      if (next > clock.now()) await clock.wait(Math.ceil(next - clock.now()));
      arrivals.push(signIn());
    }
  }
  await clock.runUntil(minutes * minute);
  await Promise.all(arrivals);

  const calm = reads.filter((at) => at < usedAt || at >= usedAt + shortNotice);
  return {
    signIns: waits.length,
    fetches: provider.requests,
    readsPerInstanceMinute: countMost(calm, minute) / instances,
    readsPerSecond: countMost(reads, second),
    refused: refusals.length,
    lastRefusedAfter: Math.max(usedAt, ...refusals) - usedAt,
    longestWait: waits.reduce((most, wait) => Math.max(most, wait), 0),
  };
}

type Dependencies = Pick<RefreshDependencies, 'store' | 'client'> & { readonly clock: VirtualClock };

/** The keys of an instance of the callback, as its composition root makes them. */
function createInstance({ store, client, clock }: Dependencies) {
  const documents = new ProviderDocumentCache({ store, clock, issuer });
  return new ProviderKeySource({
    document: jwksDocument,
    documents,
    store,
    client,
    clock,
    budget: 'callback',
  });
}

/** Runs both refreshers every five minutes. */
async function runSchedule(dependencies: Dependencies): Promise<void> {
  for (;;) {
    await dependencies.clock.wait(schedule);
    await refreshDiscoveryAndJwks({ ...dependencies, issuer, discoveryUrl }, { force: false });
    await refreshDid({ ...dependencies, did, didDocumentUrl }, { force: false });
  }
}

/** The table, in which each call takes its time. */
function takeTime(
  table: ProviderDocumentStore,
  clock: VirtualClock,
  onRead: () => void,
): ProviderDocumentStore {
  const after =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await clock.wait(tableTime);
      return call.apply(table, args);
    };
  const readAll = after(table.readAll);
  return {
    readAll: () => {
      onRead();
      return readAll();
    },
    put: after(table.put),
    claimRefresh: after(table.claimRefresh),
    refreshClaimedAt: after(table.refreshClaimedAt),
    releaseRefresh: after(table.releaseRefresh),
  };
}

/** One Login's documents before and after the new key, with failures from its first use on. */
class RotatingProvider implements ProviderClient {
  requests = 0;
  readonly #clock: VirtualClock;
  readonly #rotation: Omit<Rotation, 'instances'>;
  #failures: number;

  constructor(clock: VirtualClock, rotation: Omit<Rotation, 'instances'>) {
    this.#clock = clock;
    this.#rotation = rotation;
    this.#failures = rotation.failures;
  }

  async send({ url }: ProviderRequest): Promise<ProviderResponse> {
    this.requests += 1;
    const { publishedAt, usedAt } = this.#rotation;
    const fails = this.#clock.now() >= usedAt && this.#failures > 0;
    if (fails) this.#failures -= 1;
    const jwks = this.#clock.now() < publishedAt ? jwksBody(oldKey) : jwksBody(oldKey, newKey);
    await this.#clock.wait(providerTime);
    if (fails) return { status: 500, headers: {}, body: '' };
    const bodies: Readonly<Record<string, string>> = {
      [discoveryUrl]: discoveryBody,
      [jwksUrl]: jwks,
      [didDocumentUrl]: didBody(identityKey),
    };
    return { status: 200, headers: { 'cache-control': 'max-age=86400' }, body: bodies[url] ?? '' };
  }
}

/** The most of the moments in any time of this length. */
function countMost(moments: readonly number[], length: number): number {
  let [most, first] = [0, 0];
  moments.forEach((moment, last) => {
    while (Number(moments[first]) <= moment - length) first += 1;
    most = Math.max(most, last - first + 1);
  });
  return most;
}

/** The same numbers each time, from 0 to 1 (the generator of Park and Miller). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
