/** The stand-in for GOV.UK One Login: a tool for developing and testing. See `docs/stand-in.md`. */
export type { BehaviourPatch } from './behaviour/behaviour.ts';
export type { EndpointName } from './behaviour/endpoint-fault.ts';
export { type LogoutTokenFault, logoutTokenFaults } from './logout/logout-token-options.ts';
export { plainPerson } from './people/built-in-people.ts';
export type { Name } from './people/person.ts';
export { type ClientRegistration, identityClaims } from './registration.ts';
export type { RequestLogEntry } from './server/request-log.ts';
export {
  type AuthorizationErrorName,
  authorizationErrorNames,
  authorizationErrors,
} from './sign-in/authorization-errors.ts';
export type { StandIn } from './stand-in.ts';
export { type StandInOptions, startStandIn } from './start-stand-in.ts';
export {
  type CoreIdentityFault,
  coreIdentityFaults,
  type IdTokenFault,
  idTokenFaults,
  type UserinfoFault,
  userinfoFaults,
} from './token/faults.ts';
