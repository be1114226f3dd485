/** For services: who is signed in. It needs Node only, and loads nothing of the AWS CDK. */
export {
  createMiddleware,
  type Middleware,
  type MiddlewareOptions,
  type MiddlewareRequest,
  type MiddlewareResponse,
  OneLoginError,
  type OneLoginMiddleware,
} from './express.ts';
export { type GetUserOptions, getUser, type RequestWithHeaders, type UserResult } from './get-user.ts';
export type { Claim, OneLoginIdentity, OneLoginUser } from './user.ts';
