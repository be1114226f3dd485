import type { CalledFunction } from './counted-steps.ts';

/** What a deployment has in it that costs by the month, or that decides what a call costs. */
export interface TemplateUsage {
  /** MiB, by the folder of the function. */
  readonly memory: Readonly<Record<CalledFunction | ScheduledFunction, number>>;
  /** How often each is invoked by its schedule in a month of 730 hours. */
  readonly scheduled: Readonly<Record<ScheduledFunction, number>>;
  readonly kmsKeys: number;
  /** Metrics that alarms read: each is paid for. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  readonly secrets: number;
  readonly webAcls: number;
  readonly webAclRules: number;
}

export type ScheduledFunction = 'refresh-jwks' | 'refresh-did';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** A CloudFormation template, as far as it matters here. */
export interface CostedTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
}

const calledFunctions: readonly CalledFunction[] = [
  'login',
  'callback',
  'userinfo',
  'logout',
  'backchannel-logout',
  'collect-audit',
];

const hoursAMonth = 730;

/** Counts in the synthesised template, so that what the config switches on is in it. */
export function templateUsage({ Resources }: CostedTemplate): TemplateUsage {
  const resources = Object.entries(Resources);
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const memoryOf = (name: string) => memoryIn(resources, name);
  const schedules = ofType('AWS::Events::Rule').map(([id, { Properties }]) => ({
    id,
    ...perMonth(Properties),
  }));
  const scheduled = (document: string) =>
    schedules
      .filter(({ id }) => id.includes(`${document}Schedule`))
      .reduce((sum, { times }) => sum + times, 0);
  return {
    memory: {
      ...(Object.fromEntries(calledFunctions.map((name) => [name, memoryOf(name)])) as Record<
        CalledFunction,
        number
      >),
      'refresh-jwks': memoryOf('refresh-jwks'),
      'refresh-did': scheduled('Did') === 0 ? 0 : memoryOf('refresh-did'),
    },
    scheduled: { 'refresh-jwks': scheduled('Jwks'), 'refresh-did': scheduled('Did') },
    kmsKeys: ofType('AWS::KMS::Key').length,
    alarmMetrics: ofType('AWS::CloudWatch::Alarm').reduce((sum, [, alarm]) => sum + metricsReadBy(alarm), 0),
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
    secrets: ofType('AWS::SecretsManager::Secret').length,
    webAcls: ofType('AWS::WAFv2::WebACL').length,
    webAclRules: ofType('AWS::WAFv2::WebACL').reduce(
      (sum, [, { Properties }]) =>
        sum + (Array.isArray(Properties?.['Rules']) ? Properties['Rules'].length : 0),
      0,
    ),
  };
}

/** An alarm reads one metric, or those of its expression. */
function metricsReadBy({ Properties }: Resource): number {
  const metrics: unknown = Properties?.['Metrics'];
  return Array.isArray(metrics) ? metrics.filter((metric) => 'MetricStat' in Object(metric)).length : 1;
}

function memoryIn(resources: readonly (readonly [string, Resource])[], name: string): number {
  const id = new RegExp(`^(Functions|AuditTrail)${name.replaceAll('-', '')}Function[0-9A-F]{8}$`);
  const memory = resources.find(([key]) => id.test(key))?.[1].Properties?.['MemorySize'];
  if (typeof memory === 'number') return memory;
  throw new Error(`the template has no function ${name} with a size of memory`);
}

function perMonth(properties: Readonly<Record<string, unknown>> | undefined): { readonly times: number } {
  const expression = String(properties?.['ScheduleExpression'] ?? '');
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined) return { times: 0 };
  const minutes = Number(count) * { minute: 1, hour: 60, day: 1440 }[unit as 'minute' | 'hour' | 'day'];
  return { times: (hoursAMonth * 60) / minutes };
}
