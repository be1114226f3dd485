import type { BehaviourControl } from '../behaviour/behaviour-control.ts';
import type { EndpointFault, EndpointName } from '../behaviour/endpoint-fault.ts';
import { type ChosenFaults, coreIdentityFaults, idTokenFaults, userinfoFaults } from '../token/faults.ts';

const infrastructureError = JSON.stringify({ message: 'Internal server error' });

/** The faults of endpoints on the sign-in page. */
const endpointFaults: Readonly<Record<string, readonly [EndpointName, EndpointFault]>> = {
  TOKEN_502: ['token', { status: 502, body: infrastructureError }],
  TOKEN_500: ['token', { status: 500, body: 'Internal server error' }],
  TOKEN_NO_ANSWER: ['token', { hang: true }],
  TOKEN_CONNECTION_RESET: ['token', { reset: true }],
  USERINFO_502: ['userinfo', { status: 502, body: infrastructureError }],
  USERINFO_NO_ANSWER: ['userinfo', { hang: true }],
};

/** The faults on the sign-in page by group. */
export const faultMenu = {
  id_token: idTokenFaults,
  userinfo: userinfoFaults,
  core_identity: coreIdentityFaults,
  endpoint: Object.keys(endpointFaults),
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
  const chosen = <Name extends string>(group: FaultGroup, names: readonly Name[]) =>
    names.filter((name) => value === buildFaultValue(group, name));
  for (const name of chosen('endpoint', faultMenu.endpoint)) failNextTime(name, behaviour);
  return {
    idToken: chosen('id_token', idTokenFaults),
    userinfo: chosen('userinfo', userinfoFaults),
    coreIdentity: chosen('core_identity', coreIdentityFaults),
  };
}

function failNextTime(name: string, behaviour: BehaviourControl): void {
  const [endpoint, fault] = endpointFaults[name] ?? [];
  if (endpoint === undefined || fault === undefined) return;
  const next = [...behaviour.current.endpoints[endpoint].next, fault];
  behaviour.change({ endpoints: { [endpoint]: { next } } });
}
