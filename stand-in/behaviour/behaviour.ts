import type { AuthorizationErrorName } from '../sign-in/authorization-errors.ts';
import type { CoreIdentityFault, IdTokenFault, UserinfoFault } from '../token/faults.ts';
import { type EndpointFault, type EndpointName, perEndpoint } from './endpoint-fault.ts';

/** A fault every time, or the next few times. The values of `next` are used first, each once. */
export interface Switch<T> {
  readonly always: T | null;
  readonly next: readonly T[];
}

/** The outcome of an identity check. `AS_THE_PERSON` is the outcome in the person's entry. */
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

/** What happens to a request with `prompt=login` and `id_token_hint`. */
export const reauthenticationBehaviours = [
  /** As in One Login: the hint's user gets a code, another user `login_required`. */
  'STRICT',
  /** It fails for every user. */
  'FAILS',
  /** Unlike One Login: every user gets a code, to test the relying party's own check. */
  'ANY_USER',
] as const;

/** What happens to `max_age`. */
export const maxAgeBehaviours = [
  /** It has an effect for a client with `MaxAgeEnabled`. */
  'AS_REGISTERED',
  /** It is ignored, as in One Login for a client without `MaxAgeEnabled`. */
  'IGNORED',
] as const;

/** How logout tokens are sent to the relying party. */
export interface BackchannelLogoutBehaviour {
  /** Whether a logout, a failed re-authentication and a change of user send them automatically. */
  readonly automatic: boolean;
  /** Whether to hold them until they are released. */
  readonly held: boolean;
  /** How often to send each, such as 2 for a queue that delivers twice. Each copy has another `jti`. */
  readonly copies: number;
  /** Milliseconds after a failed attempt. */
  readonly retryDelay: number;
}

/** Everything about the stand-in that can be changed while it runs. */
export interface Behaviour {
  /** The id of the person who signs in without the page; null shows the page. */
  readonly signInAutomaticallyAs: string | null;
  /** Ends the journey at the redirect URI, before any page. */
  readonly authorizationError: Switch<AuthorizationErrorName>;
  readonly idToken: Switch<readonly IdTokenFault[]>;
  readonly userinfo: Switch<readonly UserinfoFault[]>;
  readonly coreIdentity: Switch<readonly CoreIdentityFault[]>;
  readonly identity: Switch<IdentityOutcome>;
  readonly reauthentication: (typeof reauthenticationBehaviours)[number];
  readonly maxAge: (typeof maxAgeBehaviours)[number];
  readonly endpoints: Readonly<Record<EndpointName, Switch<EndpointFault>>>;
  readonly backchannelLogout: BackchannelLogoutBehaviour;
}

/** A change of some of the fields. */
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

/** The behaviour of the real One Login. */
export const defaultBehaviour: Behaviour = {
  signInAutomaticallyAs: null,
  authorizationError: never,
  idToken: never,
  userinfo: never,
  coreIdentity: never,
  identity: never,
  reauthentication: 'STRICT',
  maxAge: 'AS_REGISTERED',
  endpoints: perEndpoint(never),
  backchannelLogout: { automatic: true, held: false, copies: 1, retryDelay: 1_000 },
};
