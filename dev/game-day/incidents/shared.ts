import type { Change } from '../incident.ts';

/** Sign-ins an hour by day: a busy service, a small one, the smallest. */
export const everyTraffic = [200, 15, 5] as const;

/** One Login is gone. Documents are fetched again when the copies are no longer fresh. */
export const oneLoginGone: readonly Change[] = [
  { users: 'gives-up' },
  { schedule: 'canary', becomes: 'canary-one-login-gone' },
  { schedule: 'refresh-jwks', becomes: 'refresh-jwks-failed', whenDue: true },
  { schedule: 'refresh-did', becomes: 'refresh-did-failed', whenDue: true },
];

export const kmsDisabled: readonly Change[] = [
  { users: 'kms-disabled' },
  { schedule: 'canary', becomes: 'canary-kms-disabled' },
];

export const dynamodbDenied: readonly Change[] = [
  { users: 'dynamodb-denied' },
  { logoutTokens: 'dynamodb-denied' },
  { schedule: 'canary', becomes: 'canary-dynamodb-denied' },
  { schedule: 'refresh-jwks', becomes: 'refresh-jwks-denied' },
  { schedule: 'refresh-did', becomes: 'refresh-did-denied' },
];
