import { authorizationErrorNames } from '../sign-in/authorization-errors.ts';
import { idTokenFaults } from '../token/id-token-faults.ts';
import { coreIdentityFaults, userinfoFaults } from '../userinfo/faults.ts';
import {
  type BackchannelLogoutBehaviour,
  type Behaviour,
  type BehaviourPatch,
  defaultBehaviour,
  identityOutcomes,
  maxAgeBehaviours,
  reauthenticationBehaviours,
  type Switch,
} from './behaviour.ts';
import { type EndpointFault, type EndpointName, endpointNames } from './endpoint-fault.ts';
import {
  boolean,
  InvalidChange,
  nullOr,
  type Parse,
  parseList,
  parseOneOf,
  parsePart,
  string,
  wholeNumber,
} from './parse.ts';

const milliseconds = wholeNumber(0, 3_600_000);

const endpointFault: Parse<EndpointFault> = parsePart<Required<EndpointFault>>({
  delay: milliseconds,
  hang: boolean,
  reset: boolean,
  status: wholeNumber(200, 599),
  body: string,
  contentType: string,
  oversizedBody: wholeNumber(0, 64 * 1024 * 1024),
  redirectTo: string,
});

function parseSwitch<T>(parse: Parse<T>): Parse<Partial<Switch<T>>> {
  return parsePart<Switch<T>>({ always: nullOr(parse), next: parseList(parse) });
}

/** Each field of a change. The id of a person is checked separately. */
const behaviourFields = {
  signInAutomaticallyAs: nullOr(string),
  authorizationError: parseSwitch(parseOneOf(authorizationErrorNames)),
  idToken: parseSwitch(parseList(parseOneOf(idTokenFaults))),
  userinfo: parseSwitch(parseList(parseOneOf(userinfoFaults))),
  coreIdentity: parseSwitch(parseList(parseOneOf(coreIdentityFaults))),
  identity: parseSwitch(parseOneOf(identityOutcomes)),
  reauthentication: parseOneOf(reauthenticationBehaviours),
  maxAge: parseOneOf(maxAgeBehaviours),
  endpoints: parsePart<Record<EndpointName, Partial<Switch<EndpointFault>>>>({
    authorize: parseSwitch(endpointFault),
    token: parseSwitch(endpointFault),
    userinfo: parseSwitch(endpointFault),
    logout: parseSwitch(endpointFault),
    discovery: parseSwitch(endpointFault),
    jwks: parseSwitch(endpointFault),
    did: parseSwitch(endpointFault),
    trustmark: parseSwitch(endpointFault),
  }),
  backchannelLogout: parsePart<BackchannelLogoutBehaviour>({
    automatic: boolean,
    held: boolean,
    copies: wholeNumber(1, 10),
    retryDelay: milliseconds,
  }),
};
const parsePatch = parsePart<Required<BehaviourPatch>>(behaviourFields);

/** The switches of {@link Behaviour} except those of endpoints. */
type SwitchName = 'authorizationError' | 'idToken' | 'userinfo' | 'coreIdentity' | 'identity';
type ValueOf<S> = S extends Switch<infer T> ? T : never;

/** Stores the behaviour, changes it and uses its switches. */
export class BehaviourControl {
  #current: Behaviour = defaultBehaviour;
  readonly #isPerson: (id: string) => boolean;

  constructor(isPerson: (id: string) => boolean) {
    this.#isPerson = isPerson;
  }

  get current(): Behaviour {
    return this.#current;
  }

  /**
   * Changes the fields of the patch, or nothing if one of them is not valid.
   *
   * @param patch a {@link BehaviourPatch}, as a value or as parsed from JSON
   * @throws InvalidChange with the field and the values that are allowed
   */
  change(patch: unknown): void {
    const parsed = parsePatch(patch, '') as BehaviourPatch;
    const person = parsed.signInAutomaticallyAs;
    if (typeof person === 'string' && !this.#isPerson(person)) {
      throw new InvalidChange(`signInAutomaticallyAs: there is nobody with the id ${JSON.stringify(person)}`);
    }
    const now = this.#current;
    this.#current = {
      signInAutomaticallyAs: person === undefined ? now.signInAutomaticallyAs : person,
      authorizationError: { ...now.authorizationError, ...parsed.authorizationError },
      idToken: { ...now.idToken, ...parsed.idToken },
      userinfo: { ...now.userinfo, ...parsed.userinfo },
      coreIdentity: { ...now.coreIdentity, ...parsed.coreIdentity },
      identity: { ...now.identity, ...parsed.identity },
      reauthentication: parsed.reauthentication ?? now.reauthentication,
      maxAge: parsed.maxAge ?? now.maxAge,
      endpoints: mergeEndpoints(now.endpoints, parsed.endpoints ?? {}),
      backchannelLogout: { ...now.backchannelLogout, ...parsed.backchannelLogout },
    };
  }

  reset(): void {
    this.#current = defaultBehaviour;
  }

  /** @returns the value for this time, or undefined. Removes it from `next` */
  take<Name extends SwitchName>(name: Name): ValueOf<Behaviour[Name]> | undefined {
    const [value, rest] = takeNext(this.#current[name] as Switch<ValueOf<Behaviour[Name]>>);
    this.#current = { ...this.#current, [name]: rest };
    return value;
  }

  /** The same as {@link take} for an endpoint. */
  takeEndpointFault(name: EndpointName): EndpointFault | undefined {
    const [value, rest] = takeNext(this.#current.endpoints[name]);
    this.#current = { ...this.#current, endpoints: { ...this.#current.endpoints, [name]: rest } };
    return value;
  }
}

function takeNext<T>(setting: Switch<T>): [value: T | undefined, rest: Switch<T>] {
  const [first, ...others] = setting.next;
  if (first === undefined) return [setting.always ?? undefined, setting];
  return [first, { ...setting, next: others }];
}

function mergeEndpoints(
  now: Behaviour['endpoints'],
  patch: NonNullable<BehaviourPatch['endpoints']>,
): Behaviour['endpoints'] {
  return Object.fromEntries(
    endpointNames.map((name) => [name, { ...now[name], ...patch[name] }]),
  ) as Behaviour['endpoints'];
}
