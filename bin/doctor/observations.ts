import type { TlsObservation } from './tls-observation.ts';
import type { Exchange } from './transport.ts';

/** Everything that was asked, once. */
export interface Observations {
  readonly discovery: Exchange;
  readonly providerJwks: Exchange | undefined;
  readonly did: Exchange;
  readonly jwks: Exchange;
  /** Once more, as One Login does when the first time came to nothing. */
  readonly jwksAgain: Exchange;
  readonly login: Exchange;
  /** Where the login leads to, asked for as the user's browser would. */
  readonly authorize: Exchange | undefined;
  /** The same for an identity request. Undefined when the config asks for no identity. */
  readonly identity: { readonly begin: Exchange; readonly authorize: Exchange | undefined } | undefined;
  readonly callback: Exchange;
  /** The sign-out as a page of somebody else's would cause it. */
  readonly logout: Exchange;
  readonly signedOut: Exchange;
  readonly userinfo: Exchange;
  readonly backchannelLogout: Exchange;
  /** The JWKS at the API's own address. Undefined when that is not known. */
  readonly ownAddress: Exchange | undefined;
  /** Undefined when the public URL is not https. */
  readonly tls: TlsObservation | undefined;
}
