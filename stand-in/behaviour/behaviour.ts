import type { AuthorizationErrorName } from '../sign-in/authorization-errors.ts';
import type { IdTokenFault } from '../token/id-token-faults.ts';
import type { CoreIdentityFault, UserinfoFault } from '../userinfo/faults.ts';
import type { EndpointFault, EndpointName } from './endpoint-fault.ts';

/** Something that goes wrong every time, or the next few times. `next` comes first and is used up in order. */
export interface Switch<T> {
  readonly always: T | null;
  readonly next: readonly T[];
}

/** What an identity check comes to; `AS_THE_PERSON` is what the person's own entry says. */
export const identityOutcomes = [
  'AS_THE_PERSON',
  'PROVED',
  'PROVED_WITH_RETURN_CODES',
  'NOT_PROVED_WITH_RETURN_CODES',
  'NOT_PROVED_WITHOUT_RETURN_CODES',
  'ACCESS_DENIED',
  'IN_PERSON',
] as const;
export type IdentityOutcome = (typeof identityOutcomes)[number];

/** What becomes of a request with `prompt=login` and `id_token_hint`. */
export const reauthenticationBehaviours = [
  /** As at One Login: the hint's user gets a code, anybody else `login_required`. */
  'STRICT',
  /** It fails for everybody. */
  'FAILS',
  /** Not as at One Login: whoever signs in gets a code, so that a relying party's own check can be seen. */
  'ANY_USER',
] as const;
export type ReauthenticationBehaviour = (typeof reauthenticationBehaviours)[number];

/** What becomes of `max_age`. */
export const maxAgeBehaviours = [
  /** Honoured for a client with `MaxAgeEnabled`. */
  'AS_REGISTERED',
  /** As at One Login for a client without `MaxAgeEnabled`: it is ignored, without a word. */
  'IGNORED',
] as const;
export type MaxAgeBehaviour = (typeof maxAgeBehaviours)[number];

/** How logout tokens reach the relying party. */
export interface BackchannelLogoutBehaviour {
  /** Whether a logout, a failed re-authentication and a change of user send them by themselves. */
  readonly automatic: boolean;
  /** Keep them until they are released, in whatever order. */
  readonly held: boolean;
  /** How often each is sent: 2 for the queue that delivers twice. Each copy has a `jti` of its own. */
  readonly copies: number;
  /** Milliseconds between an attempt that failed and the next. */
  readonly retryDelay: number;
}

/** Everything about the stand-in that can be changed while it runs. */
export interface Behaviour {
  /** The id of the person who signs in wherever the page would be shown; null shows the page. */
  readonly signInAutomaticallyAs: string | null;
  /** Ends the journey at the redirect URI, before any page. */
  readonly authorizationError: Switch<AuthorizationErrorName>;
  readonly idToken: Switch<readonly IdTokenFault[]>;
  readonly userinfo: Switch<readonly UserinfoFault[]>;
  readonly coreIdentity: Switch<readonly CoreIdentityFault[]>;
  readonly identity: Switch<IdentityOutcome>;
  readonly reauthentication: ReauthenticationBehaviour;
  readonly maxAge: MaxAgeBehaviour;
  readonly endpoints: Readonly<Record<EndpointName, Switch<EndpointFault>>>;
  readonly backchannelLogout: BackchannelLogoutBehaviour;
}

/** A change: what is not named stays as it is. */
export type BehaviourPatch = {
  readonly [Name in keyof Behaviour]?: Behaviour[Name] extends Switch<infer T>
    ? Partial<Switch<T>>
    : Name extends 'endpoints'
      ? { readonly [Endpoint in EndpointName]?: Partial<Switch<EndpointFault>> }
      : Name extends 'backchannelLogout'
        ? Partial<BackchannelLogoutBehaviour>
        : Behaviour[Name];
};

const never: Switch<never> = { always: null, next: [] };

/** As the real One Login behaves. */
export const defaultBehaviour: Behaviour = {
  signInAutomaticallyAs: null,
  authorizationError: never,
  idToken: never,
  userinfo: never,
  coreIdentity: never,
  identity: never,
  reauthentication: 'STRICT',
  maxAge: 'AS_REGISTERED',
  endpoints: {
    authorize: never,
    token: never,
    userinfo: never,
    logout: never,
    discovery: never,
    jwks: never,
    did: never,
    trustmark: never,
  },
  backchannelLogout: { automatic: true, held: false, copies: 1, retryDelay: 1_000 },
};
