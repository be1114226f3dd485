/**
 * What each step of a user's visit uses. The figures are counted, not estimated: a test (`test/flow/call-budget.test.ts`) runs
 * every step on a deployment and compares the calls.
 */

/** The functions that users and One Login call, by folder. */
export const calledFunctions = [
  'login',
  'callback',
  'userinfo',
  'logout',
  'backchannel-logout',
  'collect-audit',
] as const;
type CalledFunction = (typeof calledFunctions)[number];

/** The functions that a schedule calls, by folder. */
export type ScheduledFunction = 'refresh-jwks' | 'refresh-did' | 'canary';
export type CostedFunction = CalledFunction | ScheduledFunction;

export interface StepUsage {
  /** Requests to API Gateway. */
  readonly apiRequests: number;
  readonly invocations: Readonly<Partial<Record<CalledFunction | 'canary', number>>>;
  /** RSA signatures by KMS. */
  readonly signatures: number;
  /** DynamoDB's write request units: one for each KB of a written or deleted item. */
  readonly writeUnits: number;
  /** DynamoDB's read request units: one for each 4 KB of a consistent read. */
  readonly readUnits: number;
  /** Bytes that the functions log, rounded up, with the copies for the audit trail. */
  readonly logBytes: number;
}

/** With One Login's documents in memory, as for all but the first request in a minute. */
export const countedSteps = {
  /** `/auth/login` and the callback. */
  'sign in': {
    apiRequests: 2,
    invocations: { login: 1, callback: 1, 'collect-audit': 1 },
    signatures: 2,
    writeUnits: 3,
    readUnits: 2,
    logBytes: 2_500,
  },
  /**
   * `/auth/prove-identity` of a signed-in user, and the callback. The new session replaces the old one. The place where the
   * user left off is kept.
   */
  'prove identity': {
    apiRequests: 2,
    invocations: { login: 1, callback: 1, 'collect-audit': 2 },
    signatures: 2,
    writeUnits: 6,
    readUnits: 3,
    logBytes: 3_300,
  },
  /** `/auth/userinfo`, once. */
  'read userinfo': {
    apiRequests: 1,
    invocations: { userinfo: 1 },
    signatures: 0,
    writeUnits: 0,
    readUnits: 1,
    logBytes: 240,
  },
  /** What a call of `/auth/userinfo` uses in addition after a fifth of the idle time. */
  'keep the session alive': {
    apiRequests: 0,
    invocations: {},
    signatures: 0,
    writeUnits: 1,
    readUnits: 0,
    logBytes: 0,
  },
  /** `/auth/logout`, and the signed-out page. */
  'sign out': {
    apiRequests: 2,
    invocations: { logout: 2, 'collect-audit': 1 },
    signatures: 0,
    writeUnits: 2,
    readUnits: 1,
    logBytes: 1_300,
  },
  /** One Login's notification, one for each time that the user signed in to us with the session that they ended there. */
  'be notified of a sign-out': {
    apiRequests: 1,
    invocations: { 'backchannel-logout': 1, 'collect-audit': 1 },
    signatures: 0,
    writeUnits: 2,
    readUnits: 1,
    logBytes: 1_400,
  },
} as const satisfies Readonly<Record<string, StepUsage>>;

export type Step = keyof typeof countedSteps;

/** What the canary uses. A test (`test/flow/canary.test.ts`) compares it with a run. */
export const countedCanary = {
  /** A run without its paths: the JWKS and the callback. */
  run: {
    apiRequests: 2,
    invocations: { canary: 1, callback: 1 },
    signatures: 0,
    writeUnits: 0,
    readUnits: 0,
    logBytes: 2_600,
  },
  /** Each path that leads to One Login, in addition. */
  path: {
    apiRequests: 1,
    invocations: { login: 1 },
    signatures: 1,
    writeUnits: 1,
    readUnits: 0,
    logBytes: 700,
  },
} as const satisfies Readonly<Record<string, StepUsage>>;
