import { readFunctionName } from '../../lib/functions/function-name.ts';
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
export function measureTemplate({ Resources }: CostedTemplate): TemplateUsage {
  const resources = Object.entries(Resources);
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const functions = new Map(resources.map(([id, resource]) => [id, readFunctionName(resource)]));
  const memoryOf = (name: string) => {
    const memory = resources.find(([id]) => functions.get(id) === name)?.[1].Properties?.['MemorySize'];
    if (typeof memory === 'number') return memory;
    throw new Error(`the template has no function ${name} with a size of memory`);
  };
  const countRuns = (name: ScheduledFunction) =>
    ofType('AWS::Events::Rule')
      .filter(([, { Properties }]) => listTargets(Properties).some((id) => functions.get(id) === name))
      .reduce((sum, [, { Properties }]) => sum + runsPerMonth(Properties), 0);
  const runs = { 'refresh-jwks': countRuns('refresh-jwks'), 'refresh-did': countRuns('refresh-did') };
  return {
    memory: {
      ...(Object.fromEntries(calledFunctions.map((name) => [name, memoryOf(name)])) as Record<
        CalledFunction,
        number
      >),
      'refresh-jwks': memoryOf('refresh-jwks'),
      'refresh-did': runs['refresh-did'] === 0 ? 0 : memoryOf('refresh-did'),
    },
    scheduled: runs,
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

/** The logical ids of what a rule invokes. */
function listTargets(properties: Resource['Properties']): readonly string[] {
  const targets = properties?.['Targets'] as readonly { readonly Arn: unknown }[] | undefined;
  return (targets ?? []).map(({ Arn }) => String(Object(Arn)['Fn::GetAtt']?.[0]));
}

function runsPerMonth(properties: Resource['Properties']): number {
  const expression = String(properties?.['ScheduleExpression'] ?? '');
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined) return 0;
  const minutes = Number(count) * { minute: 1, hour: 60, day: 1440 }[unit as 'minute' | 'hour' | 'day'];
  return (hoursAMonth * 60) / minutes;
}
