import type { RequestListener } from 'node:http';
import { SystemClock } from '../lambdas/adapters/system-clock.ts';
import { BehaviourControl } from './behaviour/behaviour-control.ts';
import { answerControlRequest } from './control/control.ts';
import { ClientKeys } from './keys/client-keys.ts';
import type { KeyRing } from './keys/key-ring.ts';
import { ProviderKeys } from './keys/provider-keys.ts';
import { BackchannelLogout } from './logout/backchannel-logout.ts';
import { mintLogoutToken } from './logout/logout-token.ts';
import { postLogoutToken } from './logout/post-logout-token.ts';
import { type InPersonResult, People } from './people/people.ts';
import { buildAddresses, type Provider } from './provider.ts';
import { listenOnLoopback } from './server/listen.ts';
import { createListener } from './server/listener.ts';
import { RefusalLog } from './server/refusal.ts';
import { RequestLog } from './server/request-log.ts';
import { BrowserSessions } from './sign-in/browser-sessions.ts';
import { buildEmailLink } from './sign-in/in-person.ts';
import { Journeys } from './sign-in/journeys.ts';
import type { KeyIds, StandIn, StandInOptions } from './stand-in.ts';
import { Grants } from './token/grants.ts';
import { UsedAssertions } from './token/used-assertions.ts';

/** Starts a stand-in for GOV.UK One Login. @throws when the port is taken */
export async function startStandIn(options: StandInOptions): Promise<StandIn> {
  const host = options.host ?? 'localhost';
  let listener: RequestListener = (_message, response) => {
    response.writeHead(503).end();
  };
  const server = await listenOnLoopback(host, options.port, (message, response) =>
    listener(message, response),
  );
  const provider = await createProvider(host, server.port, options);
  const standIn = buildStandIn(provider, async () => {
    provider.backchannelLogout.close();
    await server.close();
  });
  listener = createListener(provider, (received) => answerControlRequest(received, standIn));
  return standIn;
}

async function createProvider(host: string, port: number, options: StandInOptions): Promise<Provider> {
  const { client, clock = new SystemClock() } = options;
  const addresses = buildAddresses(host, port);
  const people = new People();
  const behaviour = new BehaviourControl((id) => people.find(id) !== undefined);
  const provider: Provider = {
    ...addresses,
    client,
    clock,
    behaviour,
    people,
    keys: await ProviderKeys.create(client.idTokenSigningAlgorithm, addresses.did),
    clientKeys: new ClientKeys(client, clock),
    sessions: new BrowserSessions(clock),
    journeys: new Journeys(clock),
    grants: new Grants(clock),
    usedAssertions: new UsedAssertions(clock),
    backchannelLogout: new BackchannelLogout(client.backchannelLogoutUri, {
      mint: (tokenOptions) => mintLogoutToken(provider, tokenOptions),
      post: postLogoutToken,
      now: () => clock.now(),
      wait: (milliseconds) => clock.wait(milliseconds),
      behaviour: () => behaviour.current.backchannelLogout,
    }),
    requests: new RequestLog(),
    refusals: new RefusalLog(options.onRefusal),
  };
  return provider;
}

function buildStandIn(provider: Provider, close: () => Promise<void>): StandIn {
  const { behaviour, people, keys, requests, refusals, backchannelLogout } = provider;
  return {
    url: provider.url,
    issuer: provider.issuer,
    did: provider.did,
    client: provider.client,
    get behaviour() {
      return behaviour.current;
    },
    change: (patch) => behaviour.change(patch),
    reset: () => reset(provider),
    get people() {
      return people.all;
    },
    addPerson: (person) => people.add(person),
    get requests() {
      return requests.entries;
    },
    clearRequests: () => requests.clear(),
    get refusals() {
      return refusals.records;
    },
    clearRefusals: () => refusals.clear(),
    get keys() {
      return { id_token: listKeyIds(keys.idToken), did: listKeyIds(keys.did) };
    },
    rotateKeys: (purpose, step) => keys.rotate(purpose, step),
    forgetClientKeys: () => provider.clientKeys.forget(),
    mintLogoutToken: (options) => mintLogoutToken(provider, options),
    sendBackchannelLogout: (options) => backchannelLogout.send(options),
    releaseBackchannelLogouts: (order) => backchannelLogout.release(order),
    get backchannelLogouts() {
      return backchannelLogout.deliveries;
    },
    get heldBackchannelLogouts() {
      return backchannelLogout.heldCount;
    },
    backchannelLogoutsSettled: () => backchannelLogout.settled(),
    forgetBrowsers: () => provider.sessions.endAll(),
    finishInPersonCheck: (personId, result) => finishInPersonCheck(provider, personId, result),
    close,
  };
}

function reset(provider: Provider): void {
  provider.behaviour.reset();
  provider.people.reset();
  provider.clientKeys.forget();
  provider.sessions.endAll();
  provider.journeys.clear();
  provider.grants.clear();
  provider.usedAssertions.clear();
  provider.backchannelLogout.clear();
  provider.requests.clear();
  provider.refusals.clear();
}

function finishInPersonCheck(provider: Provider, personId: string, result: InPersonResult): string {
  const person = provider.people.find(personId);
  if (person === undefined) throw new Error(`there is nobody with the id ${JSON.stringify(personId)}`);
  provider.people.finishInPersonCheck(person, result);
  return buildEmailLink(provider, person, result);
}

function listKeyIds(ring: KeyRing): KeyIds {
  const kidOf = (key: { readonly kid: string }) => key.kid;
  return {
    published: ring.published.map(kidOf),
    signing: ring.signing.kid,
    removed: ring.removed.map(kidOf),
  };
}
