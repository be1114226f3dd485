import { authorizationErrorNames } from '../sign-in/authorization-errors.ts';
import { coreIdentityFaults, idTokenFaults, userinfoFaults } from '../token/faults.ts';
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
import { type EndpointFault, type EndpointName, perEndpoint } from './endpoint-fault.ts';
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
  endpoints: parsePart(perEndpoint(parseSwitch(endpointFault))),
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
      throw new InvalidChange(
        `signInAutomaticallyAs: there is no person with the id ${JSON.stringify(person)}`,
      );
    }
    this.#current = merge(this.#current, parsed, defaultBehaviour);
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

/**
 * Replaces fields by those of a change.
 *
 * @param shape the fields that are objects in it are merged in turn
 */
function merge<T extends object>(now: T, change: object, shape: object): T {
  const fields = Object.entries(shape).map(([name, part]): [string, unknown] => {
    const [current, given]: [unknown, unknown] = [Object(now)[name], Object(change)[name]];
    if (given === undefined) return [name, current];
    const isNested = typeof part === 'object' && part !== null && !Array.isArray(part);
    return [name, isNested ? merge(Object(current), Object(given), part) : given];
  });
  return Object.fromEntries(fields) as T;
}
