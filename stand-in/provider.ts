import type { Clock } from '../lambdas/core/ports.ts';
import type { BehaviourControl } from './behaviour/behaviour-control.ts';
import type { ExpiringMap } from './expiring-map.ts';
import type { ClientKeys } from './keys/client-keys.ts';
import type { ProviderKeys } from './keys/provider-keys.ts';
import type { BackchannelLogout } from './logout/backchannel-logout.ts';
import type { People } from './people/people.ts';
import type { ClientRegistration } from './registration.ts';
import type { RefusalLog } from './server/refusal.ts';
import type { RequestLog } from './server/request-log.ts';
import type { BrowserSession, Journey } from './sign-in/browser-sessions.ts';
import type { Grant } from './token/grants.ts';

/** Everything that the endpoints of the stand-in share. */
export interface Provider {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** With a trailing slash. Also the issuer of core identities. */
  readonly issuer: string;
  /** The DID of the core identity keys. */
  readonly did: string;
  /** It can change, but not in its URLs and its algorithm. */
  client: ClientRegistration;
  readonly clock: Clock;
  readonly behaviour: BehaviourControl;
  readonly people: People;
  readonly keys: ProviderKeys;
  readonly clientKeys: ClientKeys;
  readonly sessions: ExpiringMap<BrowserSession>;
  readonly journeys: ExpiringMap<Journey>;
  readonly codes: ExpiringMap<Grant | 'used'>;
  readonly accessTokens: ExpiringMap<Grant>;
  /** The `jti` of each client assertion, until it expires. */
  readonly usedAssertions: ExpiringMap<true>;
  readonly backchannelLogout: BackchannelLogout;
  readonly requests: RequestLog;
  readonly refusals: RefusalLog;
}

/** Seconds since the epoch, by the stand-in's clock. */
export function nowInSeconds(provider: Pick<Provider, 'clock'>): number {
  return Math.floor(provider.clock.now() / 1000);
}
