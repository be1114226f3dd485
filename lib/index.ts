export {
  type GetUserOptions,
  getUser,
  type OneLoginUser,
  type RequestWithHeaders,
  type UserResult,
} from '../client/index.ts';
export {
  AuthorizerGatewayResponses,
  type AuthorizerGatewayResponsesProps,
} from './api/authorizer-gateway-responses.ts';
export { ConfigError } from './config/mistakes.ts';
export {
  SessionAuthorizer,
  type SessionAuthorizerProps,
  SessionHttpAuthorizer,
} from './functions/session-authorizer.ts';
export type { AlarmOverrides, Alarms, RunbookAlarmProps } from './monitoring/alarms.ts';
export { OneLogin } from './one-login.ts';
export { type ConfiguredProps, type OneLoginProps, propsFromConfig } from './one-login-props.ts';
export { OneLoginStack, type OneLoginStackProps } from './one-login-stack.ts';
