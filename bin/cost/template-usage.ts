import { environmentVariables } from '../../lambdas/environment.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { type CostedFunction, calledFunctions, type ScheduledFunction } from './counted-steps.ts';

/** What costs by the month in a template, or determines the cost of a call. */
export interface TemplateUsage {
  /** Function → memory in MiB. */
  readonly memory: Readonly<Record<CostedFunction, number>>;
  /** Function → how often its schedule invokes it in a month of 730 hours. */
  readonly scheduled: Readonly<Record<ScheduledFunction, number>>;
  /** How many paths the canary examines in each run. */
  readonly canaryPaths: number;
  readonly kmsKeys: number;
  /** Metrics that alarms read. AWS charges for each. */
  readonly alarmMetrics: number;
  /** Alarms that combine other alarms. */
  readonly combinedAlarms: number;
  readonly dashboards: number;
  readonly secrets: number;
  readonly webAcls: number;
  readonly webAclRules: number;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The fields of a CloudFormation template that we use. */
export interface CostedTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
}

const hoursAMonth = 730;

/** Counts in the synthesised template, which contains what the config switches on. */
export function measureTemplate({ Resources }: CostedTemplate): TemplateUsage {
  const resources = Object.entries(Resources);
  const listResources = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const total = (type: string, count: (properties: Resource['Properties']) => number) =>
    listResources(type).reduce((sum, [, { Properties }]) => sum + count(Properties), 0);
  const functions = new Map(resources.map(([id, resource]) => [id, readFunctionName(resource)]));
  const findFunction = (name: string) => resources.find(([id]) => functions.get(id) === name)?.[1].Properties;
  const findMemory = (name: string) => {
    const memory = findFunction(name)?.['MemorySize'];
    if (typeof memory === 'number') return memory;
    throw new Error(`the template has no function ${name} with MemorySize`);
  };
  const countRuns = (name: ScheduledFunction) =>
    total('AWS::Events::Rule', (properties) =>
      listTargets(properties).some((id) => functions.get(id) === name) ? countRunsPerMonth(properties) : 0,
    );
  const scheduled = {
    'refresh-jwks': countRuns('refresh-jwks'),
    'refresh-did': countRuns('refresh-did'),
    canary: countRuns('canary'),
  };
  const unused = Object.entries(scheduled).flatMap(([name, runs]) => (runs === 0 ? [name] : []));
  const memory = [...calledFunctions, ...Object.keys(scheduled)].map(
    (name) => [name, unused.includes(name) ? 0 : findMemory(name)] as const,
  );
  return {
    memory: Object.fromEntries(memory) as Record<CostedFunction, number>,
    scheduled,
    canaryPaths: countCanaryPaths(findFunction('canary')),
    kmsKeys: listResources('AWS::KMS::Key').length,
    alarmMetrics: total('AWS::CloudWatch::Alarm', countMetrics),
    combinedAlarms: listResources('AWS::CloudWatch::CompositeAlarm').length,
    dashboards: listResources('AWS::CloudWatch::Dashboard').length,
    secrets: listResources('AWS::SecretsManager::Secret').length,
    webAcls: listResources('AWS::WAFv2::WebACL').length,
    webAclRules: total('AWS::WAFv2::WebACL', (properties) => [properties?.['Rules'] ?? []].flat().length),
  };
}

/** An alarm reads one metric, or all metrics of its expression. */
function countMetrics(properties: Resource['Properties']): number {
  const metrics: unknown = properties?.['Metrics'];
  return Array.isArray(metrics) ? metrics.filter((metric) => 'MetricStat' in Object(metric)).length : 1;
}

function countCanaryPaths(properties: Resource['Properties']): number {
  const variables = Object(properties?.['Environment']).Variables;
  return properties === undefined
    ? 0
    : JSON.parse(Object(variables)[environmentVariables.canaryPaths]).length;
}

function listTargets(properties: Resource['Properties']): readonly string[] {
  const targets = properties?.['Targets'] as readonly { readonly Arn: unknown }[] | undefined;
  return (targets ?? []).map(({ Arn }) => String(Object(Arn)['Fn::GetAtt']?.[0]));
}

function countRunsPerMonth(properties: Resource['Properties']): number {
  const expression = String(properties?.['ScheduleExpression'] ?? '');
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined) return 0;
  const minutes = Number(count) * { minute: 1, hour: 60, day: 1440 }[unit as 'minute' | 'hour' | 'day'];
  return (hoursAMonth * 60) / minutes;
}
