import type { RequestListener } from 'node:http';
import { SystemClock } from '../lambdas/adapters/system-clock.ts';
import type { Clock } from '../lambdas/core/ports.ts';
import { BehaviourControl } from './behaviour/behaviour-control.ts';
import { answerControlRequest } from './control/control.ts';
import { ExpiringMap } from './expiring-map.ts';
import { ClientKeys } from './keys/client-keys.ts';
import { createProviderKeys } from './keys/provider-keys.ts';
import { BackchannelLogout } from './logout/backchannel-logout.ts';
import { mintLogoutToken } from './logout/logout-token.ts';
import { People } from './people/people.ts';
import type { Provider } from './provider.ts';
import type { ClientRegistration } from './registration.ts';
import { listenOnLoopback } from './server/listen.ts';
import { createListener } from './server/listener.ts';
import { RefusalLog, type RefusalRecord } from './server/refusal.ts';
import { RequestLog } from './server/request-log.ts';
import { buildStandIn, type StandIn } from './stand-in.ts';
import { accessTokenSeconds, codeSeconds } from './token/grants.ts';

/** How long a journey may take, and how long a browser stays signed in at One Login between requests. */
const sessionSeconds = 2 * 60 * 60;

/** The address and the client of the stand-in. */
export interface StandInOptions {
  /** 0 for any free port. */
  readonly port: number;
  /**
   * The host in its URL. It listens on the loopback interface in either case.
   * @default 'localhost'
   */
  readonly host?: 'localhost' | '127.0.0.1';
  /**
   * The origin at which others reach it, through something in front of it, such as `https://localhost:3443`.
   * @default that of the host and the port, without TLS
   */
  readonly publicOrigin?: string;
  /** @default the system's */
  readonly clock?: Clock;
  readonly client: ClientRegistration;
  /** The only certificate to trust at the client's URLs, in PEM. @default those that Node trusts */
  readonly certificate?: string | undefined;
  /** Called with each refused request, for the developer. */
  readonly onRefusal?: (refusal: RefusalRecord) => void;
}

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
  const { client, certificate, clock = new SystemClock() } = options;
  const url = options.publicOrigin ?? `http://${host}:${port}`;
  const did = `did:web:${encodeURIComponent(new URL(url).host)}`;
  const people = new People();
  const behaviour = new BehaviourControl((id) => people.find(id) !== undefined);
  const provider: Provider = {
    url,
    port,
    issuer: `${url}/`,
    did,
    client,
    clock,
    behaviour,
    people,
    keys: await createProviderKeys(client.idTokenSigningAlgorithm, did),
    clientKeys: new ClientKeys(client.jwksUrl, clock, certificate),
    sessions: new ExpiringMap(clock, sessionSeconds),
    journeys: new ExpiringMap(clock, sessionSeconds),
    codes: new ExpiringMap(clock, codeSeconds),
    accessTokens: new ExpiringMap(clock, accessTokenSeconds),
    usedAssertions: new ExpiringMap(clock, 0),
    backchannelLogout: new BackchannelLogout(client.backchannelLogoutUri, clock, {
      mint: (tokenOptions) => mintLogoutToken(provider, tokenOptions),
      behaviour: () => behaviour.current.backchannelLogout,
      certificate,
    }),
    requests: new RequestLog(),
    refusals: new RefusalLog(options.onRefusal),
  };
  return provider;
}
