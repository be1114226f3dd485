import {
  type CostedFunction,
  countedCanary,
  countedSteps,
  type Step,
  type StepUsage,
} from './counted-steps.ts';
import type { PriceName, Prices } from './prices.ts';
import type { TemplateUsage } from './template-usage.ts';

/** What users do in a month. */
export interface Traffic {
  readonly signIns: number;
  /** Calls of `/auth/userinfo` or an authorizer in each session. */
  readonly requestsPerSession: number;
  /** The calls among them that write the idle time: those after a fifth of it. */
  readonly extensionsPerSession: number;
  /** The share of users who prove their identity after they signed in: 0 to 1. */
  readonly identityShare: number;
  /** The share of users who sign out: 0 to 1. Other sessions expire, which costs nothing. */
  readonly signOutShare: number;
}

/** The visit if no option changes it. */
export const defaultVisit = { requests: 20, minutes: 30, identity: 0, signOuts: 0.5 } as const;

/**
 * Estimates the traffic of a number of visits.
 *
 * @param visit requests to userinfo or an authorizer, evenly over the minutes, and shares of the users
 * @param idleMinutes the config's. A session writes the idle time once for each fifth of it
 */
export function estimateTraffic(
  signIns: number,
  { requests, minutes, identity, signOuts }: Readonly<Record<keyof typeof defaultVisit, number>>,
  idleMinutes: number,
): Traffic {
  return {
    signIns,
    requestsPerSession: requests,
    extensionsPerSession: Math.min(requests, Math.floor(minutes / (idleMinutes / 5))),
    identityShare: identity,
    signOutShare: signOuts,
  };
}

/** Figures that this machine cannot count. Replace them with those of CloudWatch for your deployment. */
export const assumptions = {
  /** Milliseconds that a function runs on average, cold starts included. */
  duration: {
    login: 40,
    callback: 600,
    userinfo: 12,
    logout: 30,
    'backchannel-logout': 60,
    'collect-audit': 15,
    'refresh-jwks': 50,
    'refresh-did': 50,
    canary: 1_500,
  },
  /** Bytes of Lambda's own three lines about an invocation. They are not logged for userinfo. */
  platformLogBytes: 350,
  /** Bytes of a line of the access log. A test compares them with a line. */
  accessLogBytes: 310,
  /** Months for which CloudWatch keeps a log line. */
  logMonths: 3,
  /** Custom metrics that always have a value, see `docs/operations/metrics.md`. */
  metrics: 66,
  /** The metrics of the canary, where there is one. */
  canaryMetrics: 9,
} as const;

/** One line of the bill. */
export interface CostLine {
  readonly name: PriceName;
  readonly quantity: number;
  readonly cost: number;
}

export interface Estimate {
  /** Depends on traffic. */
  readonly traffic: readonly CostLine[];
  /** The cost of a month without sign-ins. */
  readonly monthly: readonly CostLine[];
}

/** Multiplies the quantities with the prices, without free tiers. */
export function estimateCost(traffic: Traffic, template: TemplateUsage, prices: Prices): Estimate {
  const line = (name: PriceName, quantity: number): CostLine => {
    const { price, per } = prices.prices[name];
    return { name, quantity, cost: (quantity / per) * price };
  };
  const times = Object.entries(countSteps(traffic)) as [Step, number][];
  const used = sumUsage(times.map(([step, often]) => [countedSteps[step], often]));
  const { canary: runs, ...refreshes } = template.scheduled;
  const canary = sumUsage([
    [countedCanary.run, runs],
    [countedCanary.path, runs * template.canaryPaths],
  ]);
  const listLines = (usage: TotalUsage, others: Readonly<Record<string, number>>): readonly CostLine[] => {
    const gigabytes = usage.logBytes / 1e9;
    return [
      line('apiRequest', usage.apiRequests),
      line('invocation', sum(Object.values(usage.invocations)) + sum(Object.values(others))),
      line(
        'gigabyteSecond',
        sumGigabyteSeconds(usage.invocations, template) + sumGigabyteSeconds(others, template),
      ),
      line('signature', usage.signatures),
      line('writeUnit', usage.writeUnits),
      // A run of a refresher reads once.
      line('readUnit', usage.readUnits + sum(Object.values(others))),
      line('logGigabyte', gigabytes),
      line('logGigabyteMonth', gigabytes * assumptions.logMonths),
      ...(template.webAcls === 0 ? [] : [line('webAclRequest', usage.apiRequests)]),
    ];
  };
  return {
    traffic: listLines(used, {}),
    monthly: [
      line('kmsKey', template.kmsKeys),
      ...listLines(canary, refreshes),
      line('metric', assumptions.metrics + (runs === 0 ? 0 : assumptions.canaryMetrics)),
      line('alarm', template.alarmMetrics),
      line('combinedAlarm', template.combinedAlarms),
      line('dashboard', template.dashboards),
      line('secret', template.secrets),
      line('webAcl', template.webAcls),
      line('webAclRule', template.webAclRules),
    ].filter(({ quantity }) => quantity > 0),
  };
}

/** Returns how often each step happens. */
export function countSteps(traffic: Traffic): Readonly<Record<Step, number>> {
  const { signIns, requestsPerSession, extensionsPerSession, identityShare, signOutShare } = traffic;
  return {
    'sign in': signIns,
    'prove identity': signIns * identityShare,
    'read userinfo': signIns * requestsPerSession,
    'keep the session alive': signIns * extensionsPerSession,
    'sign out': signIns * signOutShare,
    'be notified of a sign-out': signIns * signOutShare * (1 + identityShare),
  };
}

export interface TotalUsage extends StepUsage {
  readonly invocations: Readonly<Record<string, number>>;
}

export function sumUsage(times: readonly (readonly [StepUsage, number])[]): TotalUsage {
  const total = (count: (usage: StepUsage) => number) =>
    sum(times.map(([usage, often]) => often * count(usage)));
  const functions = Object.keys(assumptions.duration);
  const invocations = Object.fromEntries(
    functions.map((name) => [name, total((usage) => Object(usage.invocations)[name] ?? 0)]),
  );
  const apiRequests = total((usage) => usage.apiRequests);
  return {
    apiRequests,
    invocations,
    signatures: total((usage) => usage.signatures),
    writeUnits: total((usage) => usage.writeUnits),
    readUnits: total((usage) => usage.readUnits),
    logBytes:
      total((usage) => usage.logBytes) +
      (sum(Object.values(invocations)) - (invocations['userinfo'] ?? 0)) * assumptions.platformLogBytes +
      apiRequests * assumptions.accessLogBytes,
  };
}

function sumGigabyteSeconds(runs: Readonly<Record<string, number>>, { memory }: TemplateUsage): number {
  const milliseconds: Readonly<Record<CostedFunction, number>> = assumptions.duration;
  return sum(
    Object.entries(runs).map(
      ([name, count]) =>
        (count * memory[name as CostedFunction] * milliseconds[name as CostedFunction]) / 1024 / 1000,
    ),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
