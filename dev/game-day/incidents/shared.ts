import type { Change, Expectation } from '../incident.ts';

/** Sign-ins an hour by day: a busy service, a small one, the smallest. */
export const everyTraffic = [200, 15, 5] as const;

/** The canary finds it, whatever the traffic. */
export const byCanary: Expectation = { call: 'page', within: 10 };

/** No failure is seen here, only that users do not arrive. With few users, that takes an hour. */
export const asUsersCome = {
  expected: { call: 'page', within: 20 },
  expectedAt: { 15: { call: 'page', within: 60 }, 5: { call: 'page', within: 60 } },
} as const satisfies {
  readonly expected: Expectation;
  readonly expectedAt: Readonly<Record<number, Expectation>>;
};

/** Each user who comes back fails. */
export const asUsersFail = {
  expected: { call: 'page', within: 10 },
  expectedAt: { 15: { call: 'page', within: 40 }, 5: { call: 'page', within: 60 } },
} as const satisfies {
  readonly expected: Expectation;
  readonly expectedAt: Readonly<Record<number, Expectation>>;
};

/** Users do not come back from One Login, which refuses our requests. */
export const requestsRefused: readonly Change[] = [
  { users: 'gives-up' },
  { schedule: 'canary', becomes: 'canary-request-refused' },
];
