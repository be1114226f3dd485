import { type AlarmRule, parseAlarmRule } from './alarm-rule.ts';
import {
  type ComparisonOperator,
  comparisons,
  type EvaluationRules,
  type MissingDataTreatment,
  treatments,
} from './alarm-state.ts';
import { type Expression, parseExpression } from './metric-math.ts';
import { type MetricView, nameMetric } from './metric-store.ts';

interface CommonAlarm {
  /** The logical id. */
  readonly id: string;
  /** Without the deployment's name. */
  readonly name: string;
  /** Undefined for an alarm without actions, which sends no messages. */
  readonly calls: 'page' | 'ticket' | undefined;
  /** Whether it sends a message when it changes to OK. */
  readonly clears: boolean;
  /** The page with the instructions, without folder and `.md`. */
  readonly runbook: string | undefined;
}

export interface MetricAlarm extends CommonAlarm, EvaluationRules {
  readonly kind: 'metric';
  readonly periodMinutes: number;
  readonly threshold: number;
  readonly comparison: ComparisonOperator;
  /** What the alarm reads: views of metrics by id, and expressions over them by id. */
  readonly views: ReadonlyMap<string, MetricView>;
  readonly expressions: ReadonlyMap<string, Expression>;
  /** The id that is compared with the threshold. */
  readonly result: string;
  /** The state is kept while there are fewer samples than this. 0 for what is no percentile. */
  readonly fewestSamples: number;
}

export interface CompositeAlarm extends CommonAlarm {
  readonly kind: 'composite';
  readonly rule: AlarmRule;
  readonly suppressor:
    | { readonly alarm: string; readonly waitMinutes: number; readonly extensionMinutes: number }
    | undefined;
}

export type Alarm = MetricAlarm | CompositeAlarm;

// biome-ignore lint/suspicious/noExplicitAny: what is read of a template is checked here, property by property
type Properties = Record<string, any>;

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Properties;
}
export type Resources = Readonly<Record<string, TemplateResource>>;

/**
 * Reads every alarm of a template, composite alarms after those that they read.
 *
 * @throws Error for an alarm with a property that this evaluator does not understand
 */
export function readAlarms(resources: Resources): readonly Alarm[] {
  const alarms = Object.entries(resources).flatMap(([id, { Type, Properties = {} }]): readonly Alarm[] => {
    try {
      if (Type === 'AWS::CloudWatch::Alarm') return [readMetricAlarm(id, Properties)];
      return Type === 'AWS::CloudWatch::CompositeAlarm' ? [readCompositeAlarm(id, Properties)] : [];
    } catch (error) {
      throw new Error(`${id}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  });
  return sortByDependency(alarms);
}

/** @returns a value of a template as text: a reference is the logical id that it points to */
export function resolveText(value: unknown): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value) as Properties;
  if (typeof Ref === 'string') return Ref;
  if (Array.isArray(attribute)) return String(attribute[0]);
  if (Array.isArray(join)) return (join[1] as unknown[]).map(resolveText).join(String(join[0]));
  throw new Error(`${JSON.stringify(value)} is no text`);
}

const commonProperties = [
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'OKActions',
  'ActionsEnabled',
  'Tags',
];

function readCommon(id: string, properties: Properties): CommonAlarm {
  const {
    AlarmName,
    AlarmDescription,
    AlarmActions = [],
    OKActions = [],
    ActionsEnabled = true,
  } = properties;
  const description = resolveText(AlarmDescription ?? '');
  const calls = /\bAct now\./.test(description)
    ? 'page'
    : /\bLook on the next working day\./.test(description)
      ? 'ticket'
      : undefined;
  const hasActions = ActionsEnabled === true && AlarmActions.length > 0;
  if (hasActions && calls === undefined) throw new Error('its description does not contain its urgency');
  return {
    id,
    name: resolveText(AlarmName).replace(/^[^.]*\./, ''),
    calls: hasActions ? calls : undefined,
    clears: ActionsEnabled === true && OKActions.length > 0,
    runbook: /Runbook: (?:\S*\/)?([\w-]+)\.md$/.exec(description)?.[1],
  };
}

function readMetricAlarm(id: string, properties: Properties): MetricAlarm {
  const {
    Metrics: metrics,
    ComparisonOperator: comparison,
    EvaluationPeriods: evaluationPeriods,
    DatapointsToAlarm: datapointsToAlarm = evaluationPeriods,
    TreatMissingData: treatMissingData = 'missing',
    Threshold: threshold,
    EvaluateLowSampleCountPercentile: lowSamples = 'evaluate',
    ...others
  } = properties;
  refuseOthers(others, [
    ...commonProperties,
    'Namespace',
    'MetricName',
    'Dimensions',
    'Period',
    'Statistic',
    'ExtendedStatistic',
  ]);
  if (!(comparison in comparisons)) throw new Error(`ComparisonOperator ${comparison} is unknown`);
  if (!treatments.includes(treatMissingData as MissingDataTreatment)) {
    throw new Error(`TreatMissingData ${treatMissingData} is unknown`);
  }
  if (typeof threshold !== 'number') throw new Error('it has no threshold');
  const read = metrics === undefined ? readOneMetric(properties) : readMetrics(metrics);
  const periods = new Set([...read.views.values()].map((view) => view.periodMinutes));
  const [periodMinutes, ...otherPeriods] = periods;
  if (periodMinutes === undefined || otherPeriods.length > 0)
    throw new Error('its metrics have several periods');
  const percent = /^p(\d+(?:\.\d+)?)$/.exec(properties['ExtendedStatistic'] ?? '')?.[1];
  return {
    ...readCommon(id, properties),
    ...read,
    kind: 'metric',
    periodMinutes,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData,
    threshold,
    comparison,
    fewestSamples: lowSamples === 'ignore' && percent !== undefined ? countFewestSamples(Number(percent)) : 0,
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html */
function countFewestSamples(percent: number): number {
  const share = percent / 100;
  return share > 0.5 ? 10 / (1 - share) : 10 / share;
}

type Read = Pick<MetricAlarm, 'views' | 'expressions' | 'result'>;

function readOneMetric(properties: Properties): Read {
  const { Statistic, ExtendedStatistic, Period } = properties;
  const view = readView(properties, Period, Statistic ?? ExtendedStatistic);
  return { views: new Map([['metric', view]]), expressions: new Map(), result: 'metric' };
}

function readMetrics(metrics: readonly Properties[]): Read {
  const views = new Map<string, MetricView>();
  const expressions = new Map<string, Expression>();
  for (const { Id, MetricStat, Expression: text, ...others } of metrics) {
    refuseOthers(others, ['Label', 'ReturnData', 'Period']);
    if (MetricStat !== undefined)
      views.set(Id, readView(MetricStat.Metric, MetricStat.Period, MetricStat.Stat));
    else expressions.set(Id, parseExpression(text));
  }
  for (const [id, expression] of expressions) {
    const unknown = expression.ids.find((each) => !views.has(each) && !expressions.has(each));
    if (unknown !== undefined) throw new Error(`${id} reads ${unknown}, which is not there`);
  }
  const [result, ...more] = metrics.filter(({ ReturnData = true }) => ReturnData);
  if (result === undefined || more.length > 0) throw new Error('not exactly one metric returns data');
  return { views, expressions, result: result['Id'] };
}

function readView(metric: Properties, period: unknown, statistic: unknown): MetricView {
  const { Namespace, MetricName, Dimensions = [] } = metric;
  // A shorter period would be a high-resolution alarm.
  if (typeof period !== 'number' || period < 60 || period % 60 !== 0) throw new Error(`Period is ${period}`);
  if (typeof statistic !== 'string') throw new Error('it has no statistic');
  const dimensions = (Dimensions as Properties[]).map(({ Name, Value }) => [Name, resolveText(Value)]);
  return {
    metric: nameMetric(Namespace, MetricName, Object.fromEntries(dimensions)),
    statistic,
    periodMinutes: period / 60,
  };
}

function readCompositeAlarm(id: string, properties: Properties): CompositeAlarm {
  const {
    AlarmRule: rule,
    ActionsSuppressor: suppressor,
    ActionsSuppressorWaitPeriod: wait = 0,
    ActionsSuppressorExtensionPeriod: extension = 0,
    ...others
  } = properties;
  refuseOthers(others, commonProperties);
  return {
    ...readCommon(id, properties),
    kind: 'composite',
    rule: parseAlarmRule(resolveText(rule)),
    suppressor:
      suppressor === undefined
        ? undefined
        : { alarm: resolveText(suppressor), waitMinutes: wait / 60, extensionMinutes: extension / 60 },
  };
}

function refuseOthers(properties: Properties, known: readonly string[]): void {
  const unknown = Object.keys(properties).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`the property ${unknown.join(', ')} is unknown`);
}

function sortByDependency(alarms: readonly Alarm[]): readonly Alarm[] {
  const byId = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  const sorted = new Set<Alarm>();
  const add = (alarm: Alarm, above: readonly Alarm[]) => {
    if (above.includes(alarm)) throw new Error(`${alarm.id}: its rule reads itself`);
    for (const id of listReadAlarms(alarm)) {
      const read = byId.get(id);
      if (read === undefined) throw new Error(`${alarm.id}: it reads the alarm ${id}, which is not there`);
      add(read, [...above, alarm]);
    }
    sorted.add(alarm);
  };
  for (const alarm of alarms) add(alarm, []);
  return [...sorted];
}

function listReadAlarms(alarm: Alarm): readonly string[] {
  if (alarm.kind === 'metric') return [];
  return [...alarm.rule.alarms, ...(alarm.suppressor === undefined ? [] : [alarm.suppressor.alarm])];
}
