import { type MetricKey, nameMetric } from '../../game-day/cloudwatch/metric-store.ts';
import { type Resources, resolveText } from '../../game-day/cloudwatch/read-alarms.ts';

/** A metric that a widget shows. */
export interface ShownMetric {
  readonly label: string;
  readonly metric: MetricKey;
}

export interface ValueWidget {
  readonly kind: 'values';
  readonly title: string;
  readonly metrics: readonly ShownMetric[];
}

export interface GraphWidget {
  readonly kind: 'graph';
  readonly title: string;
  readonly stacked: boolean;
  readonly metrics: readonly ShownMetric[];
}

/** One metric as a share of another, in per cent. */
export interface RatioWidget {
  readonly kind: 'ratio value' | 'ratio graph';
  readonly title: string;
  readonly part: MetricKey;
  readonly whole: MetricKey;
  readonly label: string;
  /** A horizontal line, such as an alarm's threshold. */
  readonly annotation: { readonly value: number; readonly label: string } | undefined;
}

export interface AlarmWidget {
  readonly kind: 'alarms';
  readonly title: string;
  /** Logical ids. */
  readonly alarms: readonly string[];
}

/** A graph that searches for its metrics, or anything else. */
export interface OtherWidget {
  readonly kind: 'search' | 'other';
  readonly title: string;
}

export type Widget = ValueWidget | GraphWidget | RatioWidget | AlarmWidget | OtherWidget;

/** Of a widget in the dashboard's body, what a picture needs. */
interface Body {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly view?: string;
    readonly stacked?: boolean;
    readonly alarms?: readonly string[];
    readonly annotations?: { readonly horizontal?: readonly { value: number; label: string }[] };
    readonly metrics?: readonly (readonly (string | Options)[])[];
  };
}

interface Options {
  readonly id?: string;
  readonly label?: string;
  readonly expression?: string;
}

/** @returns the widgets of a template's dashboard in their order */
export function readDashboard(resources: Resources): readonly Widget[] {
  const dashboard = Object.values(resources).find(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  const body = JSON.parse(resolveText(dashboard?.Properties?.['DashboardBody']));
  return (body.widgets as readonly Body[]).map(readWidget);
}

function readWidget({ type, properties }: Body): Widget {
  const { title = '', view, stacked = false, alarms = [], metrics = [], annotations } = properties;
  if (type === 'alarm') return { kind: 'alarms', title, alarms };
  const plain = metrics.filter(([first]) => typeof first === 'string');
  const expressions = metrics.flatMap(([first]) => (typeof first === 'object' ? [first] : []));
  const [expression, ...others] = expressions;
  if (expression?.expression?.startsWith('SEARCH(')) return { kind: 'search', title };
  if (type !== 'metric' || others.length > 0) return { kind: 'other', title };
  if (expression === undefined) {
    const shown = plain.map(readMetric);
    return view === 'singleValue'
      ? { kind: 'values', title, metrics: shown }
      : { kind: 'graph', title, stacked, metrics: shown };
  }
  const [, part, whole] = /^100 \* (\w+) \/ (\w+)$/.exec(expression.expression ?? '') ?? [];
  const find = (id: string | undefined) =>
    plain.map(readMetric).find((_, index) => readOptions(plain[index] ?? []).id === id)?.metric ?? '';
  return part === undefined
    ? { kind: 'other', title }
    : {
        kind: view === 'singleValue' ? 'ratio value' : 'ratio graph',
        title,
        label: expression.label ?? '',
        annotation: annotations?.horizontal?.[0],
        part: find(part),
        whole: find(whole),
      };
}

function readOptions(metric: readonly (string | Options)[]): Options {
  const last = metric.at(-1);
  return typeof last === 'object' ? last : {};
}

function readMetric(metric: readonly (string | Options)[]): ShownMetric {
  const [namespace = '', name = '', ...rest] = metric.filter((each) => typeof each === 'string');
  const dimensions: Record<string, string> = {};
  for (let index = 0; index < rest.length; index += 2) dimensions[rest[index] ?? ''] = rest[index + 1] ?? '';
  return { label: readOptions(metric).label ?? name, metric: nameMetric(namespace, name, dimensions) };
}
