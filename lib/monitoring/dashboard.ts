import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  PeriodOverride,
  Row,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { authorizerDecisions, metricNamespace } from '../../lambdas/telemetry/metrics.ts';
import type { Alarms } from './alarms.ts';
import { apiMetric, functionMetric, jwksMetric, type Watched } from './watched.ts';

export interface SignInDashboardProps {
  /** The stack's name, which the dashboard shares. */
  readonly name: string;
  readonly watched: Watched;
  readonly alarms: Alarms;
}

const fiveMinutes = { period: Duration.minutes(5) } as const;
const sum = { statistic: 'Sum', ...fiveMinutes } as const;
const width = 24;

/** Whether people can sign in, at the top; why not, below. */
export class SignInDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, watched, alarms }: SignInDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.AUTO,
      widgets: [
        [heading(`Can people sign in? ${name}`, 'What it means: docs/operations/monitoring.md')],
        [
          ...glance(watched),
          new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms.all], width: 12, height: 6 }),
        ],
        row(funnel(watched), successRate(watched), refusals(watched)),
        row(byPurpose(watched), identityOutcomes(watched), signOuts(watched)),
        [heading('Why not?')],
        row(codes(watched), oneLoginLatency(watched), awsLatency(watched)),
        row(apiErrors(watched), apiLatency(watched), jwks(watched)),
        [heading('What is behind it')],
        row(documentAges(watched), functionErrors(watched), functionDurations(watched)),
        row(throttles(watched), tableThrottles(watched), coldStarts(watched)),
        ...(watched.authorizers.length === 0 ? [] : [row(decisions(watched), authorizerDurations(watched))]),
        [lastFailures(watched)],
      ].map((widgets) => [new Row(...widgets)]),
    });
  }
}

function heading(title: string, text = ''): IWidget {
  return new TextWidget({ markdown: `# ${title}\n${text}`, width, height: text === '' ? 1 : 2 });
}

/** Graphs of the same width, beside each other. */
function row(...graphs: readonly GraphWidgetProps[]): IWidget[] {
  return graphs.map(
    (graph) => new GraphWidget({ width: width / graphs.length, height: 6, leftYAxis: { min: 0 }, ...graph }),
  );
}

/** Over the whole time that the dashboard shows. */
function glance(watched: Watched): IWidget[] {
  const whole = { setPeriodToTimeRange: true, width: 4, height: 6 } as const;
  return [
    new SingleValueWidget({
      ...whole,
      title: 'Signed in',
      metrics: [functionMetric(watched, 'signed_in', {}, sum)],
    }),
    new SingleValueWidget({ ...whole, title: 'Of those who came back, %', metrics: [successRatio(watched)] }),
    new SingleValueWidget({
      ...whole,
      title: 'Failed by our or others’ fault',
      metrics: (['provider', 'aws', 'configuration'] as const).map((fault) =>
        functionMetric(watched, 'refused', { fault }, { ...sum, label: fault }),
      ),
    }),
  ];
}

function successRatio(watched: Watched): IMetric {
  return new MathExpression({
    expression: '100 * signed_in / returned',
    usingMetrics: {
      signed_in: functionMetric(watched, 'signed_in', {}, sum),
      returned: functionMetric(watched, 'returned', {}, sum),
    },
    label: 'signed in, % of those who came back',
    ...fiveMinutes,
  });
}

function funnel(watched: Watched): GraphWidgetProps {
  return {
    title: 'Started, came back, signed in',
    left: (['started', 'returned', 'signed_in'] as const).map((name) =>
      functionMetric(watched, name, {}, sum),
    ),
  };
}

function successRate(watched: Watched): GraphWidgetProps {
  return {
    title: 'Signed in, % of those who came back',
    left: [successRatio(watched)],
    leftYAxis: { min: 0, max: 100 },
    leftAnnotations: [{ value: 50, label: 'alarm below' }],
  };
}

function refusals(watched: Watched): GraphWidgetProps {
  return {
    title: 'Refused or failed, by whose fault it is',
    stacked: true,
    left: (['configuration', 'aws', 'provider', 'caller'] as const).map((fault) =>
      functionMetric(watched, 'refused', { fault }, { ...sum, label: fault }),
    ),
  };
}

function byPurpose(watched: Watched): GraphWidgetProps {
  const identity = watched.refreshers.some(({ document }) => document === 'did');
  const purposes = [
    'login',
    'reauthenticate',
    ...(identity ? (['prove-identity', 'in-person-return'] as const) : []),
  ] as const;
  return {
    title: 'Signed in, by purpose',
    left: purposes.map((purpose) =>
      functionMetric(watched, 'signed_in', { purpose }, { ...sum, label: purpose }),
    ),
  };
}

function identityOutcomes(watched: Watched): GraphWidgetProps {
  return {
    title: 'Identities',
    stacked: true,
    left: (['proved', 'not_proved'] as const).map((outcome) =>
      functionMetric(watched, 'identity_checked', { outcome }, { ...sum, label: outcome }),
    ),
  };
}

function signOuts(watched: Watched): GraphWidgetProps {
  const names = [
    'signed_out',
    'logout_accepted',
    'logout_refused',
    'logout_failed',
    'sessions_ended',
    'replaced_sessions_left',
  ] as const;
  return {
    title: 'Sign-outs here, and notifications of sign-outs elsewhere',
    left: names.map((name) => functionMetric(watched, name, {}, sum)),
  };
}

/** All codes that occur: nobody could list them, and most never do. */
function codes({ deployment }: Watched): GraphWidgetProps {
  const search = `{${metricNamespace},code,deployment} MetricName="refused" deployment="${deployment}"`;
  return {
    title: 'Refused or failed, by code (docs/errors.md)',
    left: [
      new MathExpression({
        expression: `SEARCH('${search}', 'Sum', 300)`,
        usingMetrics: {},
        label: '',
        ...fiveMinutes,
      }),
    ],
  };
}

function oneLoginLatency(watched: Watched): GraphWidgetProps {
  const names = [
    'token_latency',
    'userinfo_latency',
    'discovery_latency',
    'jwks_latency',
    'did_latency',
  ] as const;
  return {
    title: 'One Login takes, ms (9 of 10 are faster)',
    left: names.map((name) => functionMetric(watched, name, {}, fiveMinutes)),
  };
}

function awsLatency(watched: Watched): GraphWidgetProps {
  const names = ['kms_latency', 'dynamodb_latency'] as const;
  return {
    title: 'AWS takes, ms (50 and 99 of 100 are faster)',
    left: names.flatMap((name) =>
      ['p50', 'p99'].map((statistic) =>
        functionMetric(watched, name, {}, { statistic, label: `${name} ${statistic}`, ...fiveMinutes }),
      ),
    ),
  };
}

function apiErrors(watched: Watched): GraphWidgetProps {
  return {
    title: 'Requests',
    left: [apiMetric(watched, 'Count', { ...sum, label: 'all' })],
    right: ['4XXError', '5XXError'].map((name) => apiMetric(watched, name, sum)),
    rightYAxis: { min: 0 },
  };
}

function apiLatency(watched: Watched): GraphWidgetProps {
  return {
    title: 'Users wait, ms',
    left: ['p50', 'p90', 'p99'].map((statistic) =>
      apiMetric(watched, 'Latency', { statistic, label: statistic, ...fiveMinutes }),
    ),
  };
}

function jwks(watched: Watched): GraphWidgetProps {
  return {
    title: 'One Login fetches our keys',
    left: [
      jwksMetric(watched, 'Count', { ...sum, label: 'requests' }),
      jwksMetric(watched, '4XXError', sum),
      jwksMetric(watched, '5XXError', sum),
    ],
    right: [jwksMetric(watched, 'Latency', { statistic: 'Maximum', label: 'slowest, ms', ...fiveMinutes })],
    rightYAxis: { min: 0 },
    rightAnnotations: [{ value: 500, label: 'One Login gives up' }],
  };
}

function documentAges(watched: Watched): GraphWidgetProps {
  const documents = watched.refreshers.map(({ document }) => document);
  return {
    title: "Age of One Login's documents, s",
    left: documents.map((document) =>
      functionMetric(watched, 'document_age', { document }, { ...fiveMinutes, label: document }),
    ),
    right: documents.flatMap((document) => [
      functionMetric(
        watched,
        'refresh_failed',
        { document },
        { ...sum, label: `${document}: refresh failed` },
      ),
      functionMetric(watched, 'key_set_changed', { document }, { ...sum, label: `${document}: other keys` }),
    ]),
    rightYAxis: { min: 0 },
  };
}

function functionErrors({ routes, refreshers, collector }: Watched): GraphWidgetProps {
  return {
    title: 'Functions that crash or fail',
    stacked: true,
    left: [...routes, ...refreshers, collector].map(({ name, function: lambda }) =>
      lambda.metricErrors({ ...sum, label: name }),
    ),
  };
}

function functionDurations({ routes }: Watched): GraphWidgetProps {
  return {
    title: 'Functions take, ms (9 of 10 are faster)',
    left: routes.map(({ name, function: lambda }) =>
      lambda.metricDuration({ statistic: 'p90', label: name, ...fiveMinutes }),
    ),
  };
}

function throttles(watched: Watched): GraphWidgetProps {
  const { routes, authorizers } = watched;
  return {
    title: 'Refused by AWS because there is too much',
    stacked: true,
    left: [
      functionMetric(watched, 'kms_throttled', {}, sum),
      functionMetric(watched, 'dynamodb_throttled', {}, sum),
      ...[...routes, ...authorizers].map(({ name, function: lambda }) =>
        lambda.metricThrottles({ ...sum, label: name }),
      ),
    ],
  };
}

function tableThrottles({ tables }: Watched): GraphWidgetProps {
  return {
    title: 'Tables: throttled reads and writes',
    stacked: true,
    left: tables.flatMap((table) =>
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
        table.metric(name, { ...sum, label: `${table.node.id} ${name}` }),
      ),
    ),
  };
}

function coldStarts(watched: Watched): GraphWidgetProps {
  return {
    title: 'Requests that waited for a new instance',
    left: [functionMetric(watched, 'cold_starts', {}, sum)],
  };
}

function decisions(watched: Watched): GraphWidgetProps {
  return {
    title: 'Authorizers decided',
    stacked: true,
    left: authorizerDecisions.map((decision) =>
      functionMetric(watched, 'authorizer_decisions', { decision }, { ...sum, label: decision }),
    ),
  };
}

function authorizerDurations({ authorizers }: Watched): GraphWidgetProps {
  return {
    title: 'Authorizers take, ms (9 of 10 are faster)',
    left: authorizers.map(({ name, function: lambda }) =>
      lambda.metricDuration({ statistic: 'p90', label: name, ...fiveMinutes }),
    ),
  };
}

/** As the saved query `failures` shows them. */
function lastFailures({ routes, authorizers }: Watched): IWidget {
  return new LogQueryWidget({
    title: 'The last requests that failed by our or others’ fault',
    logGroupNames: [...routes, ...authorizers].map(({ logGroup }) => logGroup.logGroupName),
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      'fields @timestamp, route, code, fault, message, request_id',
      'filter event = "refused" and fault != "caller"',
      'sort @timestamp desc',
      'limit 20',
    ],
    width,
    height: 6,
  });
}
