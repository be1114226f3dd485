import type { BehaviourControl } from '../behaviour/behaviour-control.ts';
import type { EndpointFault, EndpointName } from '../behaviour/endpoint-fault.ts';
import { type ChosenFaults, noFaults } from '../token/grants.ts';
import { type IdTokenFault, idTokenFaults } from '../token/id-token-faults.ts';
import {
  type CoreIdentityFault,
  coreIdentityFaults,
  type UserinfoFault,
  userinfoFaults,
} from '../userinfo/faults.ts';

/** A fault of an endpoint on the sign-in page. */
interface EndpointChoice {
  readonly name: string;
  readonly endpoint: EndpointName;
  readonly fault: EndpointFault;
}

const infrastructureError = JSON.stringify({ message: 'Internal server error' });

const endpointChoices: readonly EndpointChoice[] = [
  { name: 'TOKEN_502', endpoint: 'token', fault: { status: 502, body: infrastructureError } },
  { name: 'TOKEN_500', endpoint: 'token', fault: { status: 500, body: 'Internal server error' } },
  { name: 'TOKEN_NO_ANSWER', endpoint: 'token', fault: { hang: true } },
  { name: 'TOKEN_CONNECTION_RESET', endpoint: 'token', fault: { reset: true } },
  { name: 'USERINFO_502', endpoint: 'userinfo', fault: { status: 502, body: infrastructureError } },
  { name: 'USERINFO_NO_ANSWER', endpoint: 'userinfo', fault: { hang: true } },
];

/** The faults on the sign-in page by group. */
export const faultMenu = {
  id_token: idTokenFaults,
  userinfo: userinfoFaults,
  core_identity: coreIdentityFaults,
  endpoint: endpointChoices.map((choice) => choice.name),
} as const;
export type FaultGroup = keyof typeof faultMenu;

/** The form value of a fault. */
export function buildFaultValue(group: FaultGroup, name: string): string {
  return `${group}:${name}`;
}

/**
 * Reads the fault of the sign-in page: one for the tokens of this sign-in, or one for the next request to an endpoint, which
 * is set at once.
 *
 * @param value from {@link buildFaultValue}; any other value is no fault
 */
export function applyChosenFault(value: string | undefined, behaviour: BehaviourControl): ChosenFaults {
  const [group = '', name = ''] = (value ?? '').split(':');
  if (
    !(Object.hasOwn(faultMenu, group) && (faultMenu[group as FaultGroup] as readonly string[]).includes(name))
  ) {
    return noFaults;
  }
  switch (group as FaultGroup) {
    case 'id_token':
      return { ...noFaults, idToken: [name as IdTokenFault] };
    case 'userinfo':
      return { ...noFaults, userinfo: [name as UserinfoFault] };
    case 'core_identity':
      return { ...noFaults, coreIdentity: [name as CoreIdentityFault] };
    case 'endpoint':
      failNextTime(name, behaviour);
      return noFaults;
  }
}

function failNextTime(name: string, behaviour: BehaviourControl): void {
  const choice = endpointChoices.find((candidate) => candidate.name === name);
  if (choice === undefined) return;
  const next = [...behaviour.current.endpoints[choice.endpoint].next, choice.fault];
  behaviour.change({ endpoints: { [choice.endpoint]: { next } } });
}
