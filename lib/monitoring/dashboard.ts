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
import {
  authorizerDecisions,
  canarySteps,
  type MetricName,
  metricNamespace,
} from '../../lambdas/telemetry/metrics.ts';
import type { Alarms } from './alarms.ts';
import {
  apiMetric,
  fiveMinutes,
  functionMetric,
  jwksRoute,
  type MetricDimensions,
  type MonitoredFunction,
  type MonitoredResources,
} from './metrics.ts';

export interface SignInDashboardProps {
  /** The stack's name, which is also the dashboard's. */
  readonly name: string;
  readonly resources: MonitoredResources;
  readonly alarms: Alarms;
}

const sum = { statistic: 'Sum', ...fiveMinutes } as const;
const p90 = { statistic: 'p90', ...fiveMinutes } as const;
const width = 24;

/** Shows at the top whether people can sign in, and below why not. */
export class SignInDashboard extends Construct {
  constructor(scope: Construct, id: string, { name, resources, alarms }: SignInDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.AUTO,
      widgets: [
        buildNow(resources, alarms),
        [buildHeading(`Can people sign in? ${name}`)],
        [
          ...buildTotals(resources),
          new AlarmStatusWidget({
            title: 'All alarms and signals',
            alarms: [...alarms.all],
            width: 12,
            height: 6,
          }),
        ],
        ...listSignInGraphs(resources).map(buildRow),
        [buildHeading('Causes')],
        ...listCauseGraphs(resources).map(buildRow),
        [buildHeading('Components')],
        ...listComponentGraphs(resources).map(buildRow),
        [buildFailureTable(resources)],
      ].map((widgets) => [new Row(...widgets)]),
    });
  }
}

function buildHeading(title: string): IWidget {
  return new TextWidget({ markdown: `# ${title}`, width, height: 1 });
}

/**
 * The last 15 minutes, whatever time range the dashboard shows: an average over hours hides an outage for an hour. The
 * minutes since the last sign-in look back three hours, and show 180 when there was none.
 */
function buildNow(resources: MonitoredResources, alarms: Alarms): IWidget[] {
  const minute = { period: Duration.minutes(1) } as const;
  const sinceLast = new MathExpression({
    expression: 'FILL(signed_in, 0) * 0 + IF(last > 0, (MAX(EPOCH(FILL(signed_in, 0))) - last) / 60, 180)',
    usingMetrics: {
      signed_in: functionMetric(resources, 'signed_in', {}, minute),
      last: new MathExpression({
        expression: 'MAX(IF(signed_in > 0, EPOCH(signed_in), 0))',
        usingMetrics: { signed_in: functionMetric(resources, 'signed_in', {}, minute) },
        ...minute,
      }),
    },
    label: 'minutes',
    ...minute,
  });
  const arrived = new MathExpression({
    expression: '100 * signed_in / started',
    usingMetrics: {
      signed_in: sumMetric(resources, 'signed_in', {}),
      started: sumMetric(resources, 'started', {}),
    },
    label: '% of those who started',
    ...fiveMinutes,
  });
  const counts = (['started', 'signed_in', 'sign_in_failed'] as const).map((metric) =>
    sumMetric(resources, metric, {}),
  );
  const lastQuarter = { start: '-PT15M', end: 'P0D', setPeriodToTimeRange: true, height: 6 } as const;
  const links = [
    '## Links',
    '- [Is One Login down?](https://status.account.gov.uk)',
    `- [Runbooks](${alarms.runbooks})`,
    `- [No alarm yet: start here](${alarms.runbooks}/no-sign-ins.md)`,
  ];
  return [
    new SingleValueWidget({
      title: 'Minutes since the last sign-in',
      metrics: [sinceLast],
      start: '-PT3H',
      end: 'P0D',
      width: 4,
      height: 6,
    }),
    new SingleValueWidget({
      title: 'Last 15 minutes: signed in',
      metrics: [arrived],
      width: 4,
      ...lastQuarter,
    }),
    new SingleValueWidget({ title: 'Last 15 minutes', metrics: counts, width: 6, ...lastQuarter }),
    new AlarmStatusWidget({ title: 'Urgent alarms', alarms: [...alarms.urgent], width: 6, height: 6 }),
    new TextWidget({ markdown: links.join('\n'), width: 4, height: 6 }),
  ];
}

/** Puts graphs of the same width next to each other. */
function buildRow(graphs: readonly GraphWidgetProps[]): IWidget[] {
  return graphs.map(
    (graph) => new GraphWidget({ width: width / graphs.length, height: 6, leftYAxis: { min: 0 }, ...graph }),
  );
}

/** Totals over the whole time range of the dashboard. */
function buildTotals(resources: MonitoredResources): IWidget[] {
  const totals: readonly [string, IMetric[]][] = [
    ['Signed in', [sumMetric(resources, 'signed_in', {})]],
    ['Signed in after coming back, %', [buildSuccessRatio(resources)]],
    [
      'Failed, by fault',
      (['provider', 'aws', 'configuration'] as const).map((fault) =>
        sumMetric(resources, 'refused', { fault }, fault),
      ),
    ],
  ];
  return totals.map(
    ([title, metrics]) =>
      new SingleValueWidget({ setPeriodToTimeRange: true, width: 4, height: 6, title, metrics }),
  );
}

function listSignInGraphs(resources: MonitoredResources): GraphWidgetProps[][] {
  const identity = resources.refreshers.some(({ document }) => document === 'did');
  const purposes = [
    'login',
    'reauthenticate',
    ...(identity ? (['prove-identity', 'in-person-return'] as const) : []),
  ] as const;
  const signOuts = [
    'signed_out',
    'logout_accepted',
    'logout_refused',
    'logout_failed',
    'sessions_ended',
    'replaced_sessions_left',
  ] as const;
  return [
    [
      {
        title: 'Started, came back, signed in, failed',
        left: (['started', 'returned', 'signed_in', 'sign_in_failed'] as const).map((name) =>
          sumMetric(resources, name, {}),
        ),
      },
      {
        title: 'Signed in, % of those who came back',
        left: [buildSuccessRatio(resources)],
        leftYAxis: { min: 0, max: 100 },
        leftAnnotations: [{ value: 50, label: 'alarm below' }],
      },
      {
        title: 'Refused or failed, by fault',
        stacked: true,
        left: (['configuration', 'aws', 'provider', 'claimed', 'caller'] as const).map((fault) =>
          sumMetric(resources, 'refused', { fault }, fault),
        ),
      },
    ],
    [
      {
        title: 'Signed in, by purpose',
        left: purposes.map((purpose) => sumMetric(resources, 'signed_in', { purpose }, purpose)),
      },
      {
        title: 'Identities',
        stacked: true,
        left: (['proved', 'not_proved'] as const).map((outcome) =>
          sumMetric(resources, 'identity_checked', { outcome }, outcome),
        ),
      },
      {
        title: 'Sign-outs here, and notifications of sign-outs elsewhere',
        left: signOuts.map((name) => sumMetric(resources, name, {})),
      },
    ],
  ];
}

function listCauseGraphs(resources: MonitoredResources): GraphWidgetProps[][] {
  const oneLoginCalls = [
    'token_latency',
    'userinfo_latency',
    'discovery_latency',
    'jwks_latency',
    'did_latency',
  ] as const;
  // A search shows the codes that occur. There are too many to list, and most never occur.
  const codes = `{${metricNamespace},code,deployment} MetricName="refused" deployment="${resources.deployment}"`;
  return [
    [
      {
        title: 'Refused or failed, by code (docs/errors.md)',
        left: [
          new MathExpression({
            expression: `SEARCH('${codes}', 'Sum', 300)`,
            usingMetrics: {},
            label: '',
            ...fiveMinutes,
          }),
        ],
      },
      {
        title: 'Response times of One Login, ms (9 of 10 are faster)',
        left: oneLoginCalls.map((name) => functionMetric(resources, name, {}, fiveMinutes)),
      },
      {
        title: 'Response times of AWS, ms (50 and 99 of 100 are faster)',
        left: (['kms_latency', 'dynamodb_latency'] as const).flatMap((name) =>
          ['p50', 'p99'].map((statistic) =>
            functionMetric(resources, name, {}, { statistic, label: `${name} ${statistic}`, ...fiveMinutes }),
          ),
        ),
      },
    ],
    [
      {
        title: 'Requests',
        left: [apiMetric(resources, 'Count', { ...sum, label: 'all' })],
        right: ['4XXError', '5XXError'].map((name) => apiMetric(resources, name, sum)),
        rightYAxis: { min: 0 },
      },
      {
        title: 'Response times for users, ms',
        left: ['p50', 'p90', 'p99'].map((statistic) =>
          apiMetric(resources, 'Latency', { statistic, label: statistic, ...fiveMinutes }),
        ),
      },
      {
        title: 'Requests for your public keys',
        left: [
          apiMetric(resources, 'Count', { ...sum, label: 'requests' }, jwksRoute),
          ...['4XXError', '5XXError'].map((name) => apiMetric(resources, name, sum, jwksRoute)),
        ],
        right: [
          apiMetric(
            resources,
            'Latency',
            { statistic: 'Maximum', label: 'slowest, ms', ...fiveMinutes },
            jwksRoute,
          ),
        ],
        rightYAxis: { min: 0 },
        rightAnnotations: [{ value: 500, label: 'One Login gives up' }],
      },
    ],
    ...(resources.canary === undefined ? [] : [listCanaryGraphs(resources)]),
  ];
}

function listCanaryGraphs(resources: MonitoredResources): GraphWidgetProps[] {
  return [
    {
      title: 'The canary: failed steps',
      stacked: true,
      left: canarySteps.map((step) => sumMetric(resources, 'canary_step_failed', { step }, step)),
    },
    {
      title: 'Days until the certificate expires',
      left: [functionMetric(resources, 'certificate_days', {}, fiveMinutes)],
      leftAnnotations: [{ value: 30, label: 'alarm below' }],
    },
  ];
}

function listComponentGraphs(resources: MonitoredResources): GraphWidgetProps[][] {
  const { routes, refreshers, collector, authorizers, tables } = resources;
  const documents = refreshers.map(({ document }) => document);
  const authorizerGraphs: GraphWidgetProps[] = [
    {
      title: 'Decisions of authorizers',
      stacked: true,
      left: authorizerDecisions.map((decision) =>
        sumMetric(resources, 'authorizer_decisions', { decision }, decision),
      ),
    },
    { title: 'Duration of authorizers, ms (9 of 10 are faster)', left: authorizers.map(durationMetric) },
  ];
  return [
    [
      {
        title: "Age of One Login's documents, s",
        left: documents.map((document) =>
          functionMetric(resources, 'document_age', { document }, { ...fiveMinutes, label: document }),
        ),
        right: documents.flatMap((document) => [
          sumMetric(resources, 'refresh_failed', { document }, `${document}: refresh failed`),
          sumMetric(resources, 'key_set_changed', { document }, `${document}: other keys`),
        ]),
        rightYAxis: { min: 0 },
      },
      {
        title: 'Functions that crash or fail',
        stacked: true,
        left: [...routes, ...refreshers, collector].map(({ name, function: lambda }) =>
          lambda.metricErrors({ ...sum, label: name }),
        ),
      },
      { title: 'Duration of functions, ms (9 of 10 are faster)', left: routes.map(durationMetric) },
    ],
    [
      {
        title: 'Throttled by AWS',
        stacked: true,
        left: [
          sumMetric(resources, 'kms_throttled', {}),
          sumMetric(resources, 'dynamodb_throttled', {}),
          ...[...routes, ...authorizers].map(({ name, function: lambda }) =>
            lambda.metricThrottles({ ...sum, label: name }),
          ),
        ],
      },
      {
        title: 'Tables: throttled reads and writes',
        stacked: true,
        left: tables.flatMap((table) =>
          ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) =>
            table.metric(name, { ...sum, label: `${table.node.id} ${name}` }),
          ),
        ),
      },
      {
        title: 'Requests that waited for a new instance',
        left: [sumMetric(resources, 'cold_starts', {})],
      },
    ],
    ...(authorizers.length === 0 ? [] : [authorizerGraphs]),
  ];
}

/** The same failures as in the saved query `failures`. */
function buildFailureTable({ routes, authorizers }: MonitoredResources): IWidget {
  return new LogQueryWidget({
    title: 'Last failed requests',
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

function sumMetric<Name extends MetricName>(
  resources: MonitoredResources,
  name: Name,
  dimensions: MetricDimensions<Name>,
  label?: string,
): IMetric {
  return functionMetric(resources, name, dimensions, { ...sum, ...(label === undefined ? {} : { label }) });
}

function durationMetric({ name, function: lambda }: MonitoredFunction): IMetric {
  return lambda.metricDuration({ ...p90, label: name });
}

function buildSuccessRatio(resources: MonitoredResources): IMetric {
  return new MathExpression({
    expression: '100 * signed_in / returned',
    usingMetrics: {
      signed_in: sumMetric(resources, 'signed_in', {}),
      returned: sumMetric(resources, 'returned', {}),
    },
    label: 'signed in, % of those who came back',
    ...fiveMinutes,
  });
}
