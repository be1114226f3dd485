/** The stand-in for GOV.UK One Login: a tool for developing and testing. See `docs/stand-in.md`. */
export type { Behaviour, BehaviourPatch, IdentityOutcome, Switch } from './behaviour/behaviour.ts';
export type { EndpointFault, EndpointName } from './behaviour/endpoint-fault.ts';
export { InvalidChange } from './behaviour/parse.ts';
export { RotationOutOfOrder, type RotationStep } from './keys/key-ring.ts';
export type { KeyPurpose } from './keys/provider-keys.ts';
export type { Delivery, DeliveryAttempt, ReleaseOrder } from './logout/backchannel-logout.ts';
export {
  type LogoutToken,
  type LogoutTokenFault,
  type LogoutTokenOptions,
  logoutTokenFaults,
} from './logout/logout-token-options.ts';
export { plainPerson } from './people/authentication-people.ts';
export type { InPersonResult } from './people/people.ts';
export { buildName, deriveSubject, type Identity, type Name, type Person } from './people/person.ts';
export { type ClientRegistration, identityClaims } from './registration.ts';
export type { RefusalRecord } from './server/refusal.ts';
export type { RequestLogEntry } from './server/request-log.ts';
export {
  type AuthorizationErrorName,
  authorizationErrorNames,
  authorizationErrors,
} from './sign-in/authorization-errors.ts';
export type { KeyIds, StandIn } from './stand-in.ts';
export { type StandInOptions, startStandIn } from './start-stand-in.ts';
export { type IdTokenFault, idTokenFaults } from './token/id-token-faults.ts';
export {
  type CoreIdentityFault,
  coreIdentityFaults,
  type UserinfoFault,
  userinfoFaults,
} from './userinfo/faults.ts';
