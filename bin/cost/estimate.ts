import { countedSteps, type Step, type StepUsage } from './counted-steps.ts';
import type { PriceName, Prices } from './prices.ts';
import type { TemplateUsage } from './template-usage.ts';

/** What users do in a month. */
export interface Traffic {
  readonly signIns: number;
  /** Calls of `/auth/userinfo`, or of an authorizer, in each session. */
  readonly requestsPerSession: number;
  /** Of these, the ones that come later than a tenth of the idle time after the last write. */
  readonly extensionsPerSession: number;
  /** The share of users who prove their identity after they signed in: 0 to 1. */
  readonly identityShare: number;
  /** The share of users who sign out: 0 to 1. The others' sessions expire, which costs nothing. */
  readonly signOutShare: number;
}

/** A visit, where nobody says otherwise. */
export const defaultVisit = { requests: 20, minutes: 30, identity: 0, signOuts: 0.5 } as const;

/**
 * What that many visits come to.
 *
 * @param visit requests to userinfo or an authorizer, evenly over the minutes; shares of the users
 * @param idleMinutes as the config has it: the idle time is written once per tenth of it
 */
export function estimateTraffic(
  signIns: number,
  { requests, minutes, identity, signOuts }: Readonly<Record<keyof typeof defaultVisit, number>>,
  idleMinutes: number,
): Traffic {
  return {
    signIns,
    requestsPerSession: requests,
    extensionsPerSession: Math.min(requests, Math.floor(minutes / (idleMinutes / 10))),
    identityShare: identity,
    signOutShare: signOuts,
  };
}

/** What can't be counted on this machine. Replace it by what CloudWatch says of your deployment. */
export const assumptions = {
  /** Milliseconds that a function runs on average, cold starts included. */
  duration: {
    login: 80,
    callback: 600,
    userinfo: 20,
    logout: 30,
    'backchannel-logout': 60,
    'collect-audit': 15,
    'refresh-jwks': 50,
    'refresh-did': 50,
  },
  /** Bytes of Lambda's own three lines about an invocation. */
  platformLogBytes: 350,
  /** Bytes of a line of the access log. */
  accessLogBytes: 400,
  /** Months for which a log line is kept, and read by nobody. */
  logMonths: 3,
  /** Custom metrics that have a value all the time, see `docs/operations/metrics.md`. */
  metrics: 64,
} as const;

/** One thing that is paid for. */
export interface CostLine {
  readonly name: PriceName;
  readonly quantity: number;
  readonly cost: number;
}

export interface Estimate {
  /** What comes with traffic. */
  readonly traffic: readonly CostLine[];
  /** What a month costs in which nobody signs in. */
  readonly monthly: readonly CostLine[];
}

/** The formula: quantities as they are counted, times prices. Free tiers are left out. */
export function estimate(traffic: Traffic, template: TemplateUsage, prices: Prices): Estimate {
  const line = (name: PriceName, quantity: number): CostLine => {
    const { price, per } = prices.prices[name];
    return { name, quantity, cost: (quantity / per) * price };
  };
  const used = sumUsage(traffic);
  const runs = Object.entries(used.invocations);
  const gigabytes = used.logBytes / 1e9;
  const scheduled = Object.entries(template.scheduled);
  return {
    traffic: [
      line('apiRequest', used.apiRequests),
      line('invocation', sum(runs.map(([, count]) => count))),
      line('gigabyteSecond', gigabyteSeconds(runs, template)),
      line('signature', used.signatures),
      line('writeUnit', used.writeUnits),
      line('readUnit', used.readUnits),
      line('logGigabyte', gigabytes),
      line('logGigabyteMonth', gigabytes * assumptions.logMonths),
      ...(template.webAcls === 0 ? [] : [line('webAclRequest', used.apiRequests)]),
    ],
    monthly: [
      line('kmsKey', template.kmsKeys),
      line('invocation', sum(scheduled.map(([, count]) => count))),
      line('gigabyteSecond', gigabyteSeconds(scheduled, template)),
      line('readUnit', sum(scheduled.map(([, count]) => count))),
      line('metric', assumptions.metrics),
      line('alarm', template.alarmMetrics),
      line('dashboard', template.dashboards),
      line('secret', template.secrets),
      line('webAcl', template.webAcls),
      line('webAclRule', template.webAclRules),
    ].filter(({ quantity }) => quantity > 0),
  };
}

/** How often each step is taken. */
export function countSteps(traffic: Traffic): Readonly<Record<Step, number>> {
  const { signIns, requestsPerSession, extensionsPerSession, identityShare, signOutShare } = traffic;
  return {
    'sign in': signIns,
    'prove identity': signIns * identityShare,
    'ask who is signed in': signIns * requestsPerSession,
    'keep the session alive': signIns * extensionsPerSession,
    'sign out': signIns * signOutShare,
    'hear of a sign-out': signIns * signOutShare * (1 + identityShare),
  };
}

/** Everything that the traffic uses. */
function sumUsage(traffic: Traffic): StepUsage & { readonly invocations: Readonly<Record<string, number>> } {
  const times = Object.entries(countSteps(traffic)) as [Step, number][];
  const total = (count: (usage: StepUsage) => number) =>
    sum(times.map(([step, often]) => often * count(countedSteps[step])));
  const functions = Object.keys(assumptions.duration) as (keyof typeof assumptions.duration)[];
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
      sum(Object.values(invocations)) * assumptions.platformLogBytes +
      apiRequests * assumptions.accessLogBytes,
  };
}

/** Memory in GB times seconds. */
function gigabyteSeconds(runs: readonly (readonly [string, number])[], { memory }: TemplateUsage): number {
  return sum(
    runs.map(([name, count]) => {
      const function_ = name as keyof typeof memory;
      return (count * memory[function_] * assumptions.duration[function_]) / 1024 / 1000;
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
