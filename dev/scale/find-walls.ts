import { countedSteps, type Step } from '../../bin/cost/counted-steps.ts';
import { assumptions, countSteps, defaultVisit, estimateTraffic, sumUsage } from '../../bin/cost/estimate.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { lambdaScaling, oneLoginFirewall, type Quota, quotas } from './quotas.ts';

export type ScaleConfig = Pick<DeploymentConfig, 'throttling' | 'reservedConcurrency' | 'session'>;

/** What a deployment reserves by default, where the account has enough. */
const reservedForNotifications = 20;

/** A limit, and what users use of it. */
export interface Wall extends Quota {
  /** What one sign-in a second uses, with the visits that follow. */
  readonly used: number;
  /** The sign-ins a second at which the limit is reached. Infinite if there is no limit or no use. */
  readonly signIns: number;
}

/** The rates for which the page names the first wall. */
export const rates = [1, 100, 1_000, 10_000] as const;

/**
 * Lists every limit with what the visits of docs/cost.md use of it when as many users sign in as leave. The first to be reached
 * is first. All units of DynamoDB are counted as if one table had them.
 */
export function findWalls({ throttling, reservedConcurrency, session }: ScaleConfig): Wall[] {
  const steps = countSteps(estimateTraffic(1, defaultVisit, session.idleMinutes));
  const used = sumUsage(
    (Object.entries(steps) as [Step, number][]).map(([step, often]) => [countedSteps[step], often]),
  );
  const calls = Object.entries(used.invocations) as [keyof typeof assumptions.duration, number][];
  const signOuts = steps['sign out'];
  const own = (routes: string, limit: number, use: number): Wall =>
    buildWall(
      {
        what: `requests to ${routes}`,
        limit,
        source: 'configuration.md#throttling',
      },
      use,
    );
  return [
    own('`/auth/userinfo`', throttling.userinfo, steps['read userinfo']),
    own('`/auth/login`', throttling.login, steps['sign in']),
    own('`/auth/callback`', throttling.callback, steps['sign in']),
    own('`/auth/logout`', throttling.logout, signOuts),
    own('`/auth/backchannel-logout`', throttling.backchannelLogout, steps['be notified of a sign-out']),
    buildWall(
      {
        what: 'reserved concurrent calls of `backchannel-logout`',
        limit: reservedConcurrency.backchannelLogout ?? reservedForNotifications,
        source: 'configuration.md#reservedconcurrency',
      },
      (steps['be notified of a sign-out'] * assumptions.duration['backchannel-logout']) / 1000,
    ),
    buildWall(quotas.lambdaRequests, sum(calls.map(([, often]) => often))),
    buildWall(
      quotas.lambdaConcurrency,
      sum(calls.map(([name, often]) => (often * assumptions.duration[name]) / 1000)),
    ),
    buildWall(quotas.apiGateway, used.apiRequests),
    buildWall(quotas.webAcl, used.apiRequests),
    buildWall(quotas.kms, used.signatures),
    buildWall(quotas.tableWrites, used.writeUnits),
    buildWall(quotas.tableReads, used.readUnits),
    buildWall(quotas.tableWritesMost, used.writeUnits),
    buildWall(quotas.tableReadsMost, used.readUnits),
    buildWall(quotas.logs, used.logBytes),
    buildWall(quotas.notifications, 0),
  ].sort((one, other) => (one.signIns < other.signIns ? -1 : one.signIns > other.signIns ? 1 : 0));
}

function buildWall(quota: Quota, used: number): Wall {
  const signIns = quota.limit === undefined || used === 0 ? Number.POSITIVE_INFINITY : quota.limit / used;
  return { ...quota, used, signIns };
}

/** How many sign-ins a second an address can complete. A callback sends two requests to One Login. */
export const signInsPerAddress: number = oneLoginFirewall.requests / oneLoginFirewall.seconds / 2;

/** How many addresses the callbacks must have at One Login's firewall. */
export function countAddresses(signIns: number): number {
  return Math.ceil(signIns / signInsPerAddress);
}

/** The seconds until Lambda has started the instances of the callback, if the sign-ins begin all at once. */
export function countSecondsToScale(signIns: number): number {
  return Math.ceil((signIns * assumptions.duration.callback) / 1000 / lambdaScaling.instances);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
