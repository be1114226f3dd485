import { synthesiseTemplate } from '../../bin/synthesise-template.ts';
import { type DimensionValues, type MetricName, metrics } from '../../lambdas/telemetry/metrics.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { savedQueries } from '../../lib/monitoring/saved-queries.ts';
import { buildFullConfig } from '../../test/infra/everything-on.ts';
import {
  buildTestConfig,
  listStatements,
  type Resource,
  type TemplateContent,
  toList,
} from '../../test/infra/synthesise.ts';
import type { GeneratedTable } from './generated-table.ts';

/** Formats terms and what they mean as a list, which has fewer words than a table. */
const formatList = (items: readonly (readonly [string, string])[]) =>
  items.map(([term, meaning]) => `- ${term}: ${meaning}`).join('\n');

const code = (text: string) => `\`${text}\``;

const templates = new Map<string, readonly Resource[]>();
function listResources(config: DeploymentConfig): readonly Resource[] {
  const key = JSON.stringify(config);
  const known = templates.get(key);
  if (known !== undefined) return known;
  const { Resources } = synthesiseTemplate<TemplateContent>(config);
  const resources = Object.entries(Resources).map(([id, resource]) => ({ ...resource, id }));
  templates.set(key, resources);
  return resources;
}

/** Renders the alarms that send messages with one urgency, by runbook, in the order in which to look. */
function renderAlarms(urgency: 'Act now.' | 'Look on the next working day.'): string {
  const byRunbook = new Map<string, string[]>();
  for (const { AlarmName, AlarmDescription } of listCallingAlarms()) {
    if (!AlarmDescription.includes(` ${urgency} `)) continue;
    const file = AlarmDescription.split('/').at(-1) ?? '';
    const name = code(AlarmName.split('.').slice(1).join('.'));
    const names = byRunbook.get(file) ?? [];
    if (!names.includes(name)) byRunbook.set(file, [...names, name]);
  }
  return [...byRunbook].map(([file, names]) => `- [${names.join(', ')}](runbooks/${file})`).join('\n');
}

interface CallingAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
}

/** Lists the alarms of the production example with and without a canary, which has other alarms. */
function listCallingAlarms(): readonly CallingAlarm[] {
  const withoutCanary = {
    canary: false,
    cloudFront: undefined,
    domain: {
      name: 'apply-for-a-licence.service.gov.uk',
      certificateArn: 'arn:aws:acm:eu-west-2:444455556666:certificate/00000000-0000-0000-0000-000000000000',
    },
  };
  return [{}, withoutCanary]
    .flatMap((changes) => listResources(buildTestConfig('production.example', changes)))
    .filter(({ Type }) => /^AWS::CloudWatch::(Composite)?Alarm$/.test(Type))
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ Properties }) => Properties)
    .filter(({ AlarmActions }) => AlarmActions !== undefined);
}

/** Metric alarms and combined ones are apart in a template, and a runbook has the place of its first alarm. */
function rank({ Properties: { AlarmName } }: Resource): number {
  const order = [
    'foreign-signature',
    'unknown-key',
    'functions-',
    'sign-ins-failing',
    'jwks-failing',
    'canary-failing',
    'api-failing',
  ];
  const [, name = ''] = AlarmName.split('.');
  const found = order.findIndex((start) => name.startsWith(start));
  return found === -1 ? order.length : found;
}

/** Renders the saved queries with what they show. Those whose names are enough share an item. */
function renderQueries(): string {
  const all = Object.entries(savedQueries);
  const explained = all.flatMap(([name, query]) =>
    'shows' in query ? [[code(name), query.shows] as const] : [],
  );
  const others = all.flatMap(([name, query]) => ('shows' in query ? [] : [code(name)]));
  return `${formatList(explained)}\n- ${others.join(', ')}`;
}

/** What each metric counts. The compiler refuses one too many and one too few. */
const metricMeanings: Readonly<Record<MetricName, string>> = {
  started: 'browsers sent to One Login, not robots',
  returned: 'browsers that came back with a code',
  signed_in: 'new sessions',
  sign_in_failed: '0 for a new session, 1 for a failure',
  identity_checked: 'results of identity requests',
  signed_out: 'users who signed out here',
  logout_accepted: 'sign-out notifications that ended sessions',
  logout_refused: 'notifications that may be false',
  logout_failed: 'notifications that were lost',
  sessions_ended: 'sessions ended by notifications',
  replaced_sessions_left: 'replaced sessions that end later',
  refused: 'requests that were refused or failed',
  claimed_5xx: '5xx responses caused by a query string',
  authorizer_decisions: 'decisions of authorizers',
  document_age: 'age of the stored copy',
  key_set_changed: "changes of One Login's keys",
  refresh_failed: 'failed refreshes',
  canary_failed: '1 if users cannot start to sign in',
  canary_step_failed: 'the same',
  certificate_days: 'until the certificate expires',
  audit_lines_refused: 'lines missing from the audit trail',
  cold_starts: 'new instances',
  dynamodb_latency: 'each try',
  kms_latency: 'each try',
  dynamodb_throttled: 'refused tries',
  kms_throttled: 'refused tries',
  token_latency: 'calls',
  userinfo_latency: 'calls',
  discovery_latency: 'calls',
  jwks_latency: 'calls',
  did_latency: 'calls',
};

/** Renders the metrics. Those with the same meaning share a row. */
function renderMetrics(): string {
  const rows = new Map<string, string[]>();
  for (const [name, { unit, by }] of Object.entries(metrics)) {
    const sets: readonly (readonly string[])[] = by;
    // The empty set is the deployment as a whole.
    const dimensions = sets.map(([dimension]) =>
      dimension === undefined ? 'in total' : `by ${code(dimension)}`,
    );
    const divided = dimensions.join() === 'in total' ? '' : `, ${dimensions.join(' and ')}`;
    const meaning = `${metricMeanings[name as MetricName]}${divided}${unitTexts[unit]}`;
    rows.set(meaning, [...(rows.get(meaning) ?? []), code(name)]);
  }
  return formatList([...rows].map(([meaning, names]) => [names.join(', '), meaning]));
}

const unitTexts = { Count: '', None: '', Seconds: ' (seconds)', Milliseconds: ' (ms)' } as const;

/** The values of each dimension. The compiler refuses one too many and one too few. */
export const dimensionValues: {
  readonly [D in Exclude<keyof DimensionValues, 'code'>]: Readonly<Record<DimensionValues[D], true>>;
} = {
  purpose: { login: true, reauthenticate: true, 'prove-identity': true, 'in-person-return': true },
  outcome: { proved: true, not_proved: true },
  fault: { caller: true, claimed: true, provider: true, aws: true, configuration: true },
  document: { discovery: true, jwks: true, did: true },
  decision: {
    authorized: true,
    login_required: true,
    insufficient_authentication: true,
    insufficient_identity: true,
    cross_site_request: true,
    header_not_allowed: true,
    path_not_allowed: true,
  },
  step: {
    discovery: true,
    jwks: true,
    jwks_in_time: true,
    login: true,
    authorize: true,
    callback: true,
    certificate: true,
  },
};

/** Renders the values of dimensions as a list. */
function renderDimensions(): string {
  return formatList(
    Object.entries(dimensionValues).map(([name, values]) => [
      code(name),
      Object.keys(values).map(code).join(', '),
    ]),
  );
}

/** Why each function has its permissions. */
const permissionReasons: Readonly<Record<string, string>> = {
  login: 'signs requests, stores attempts',
  callback: 'uses the attempt, replaces the session',
  userinfo: 'note the use of a session',
  authorizer: 'note the use of a session',
  logout: 'ends the session',
  'backchannel-logout': "ends a user's sessions, fetches unknown keys",
  'refresh-jwks': 'refresh documents',
  'refresh-did': 'refresh documents',
  'publish-jwks': 'in deployments',
  'reserve-concurrency': 'in deployments',
  'collect-audit': 'write logs only',
  canary: 'write logs only',
  'example-service': 'write logs only',
};

/** Renders what each function may do, besides writing its own log and decrypting its tables. Functions alike share a row. */
function renderPermissions(): string {
  const resources = listResources(buildFullConfig('withDomain', { reservedConcurrency: {} }));
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const roles = new Map(resources.map((each) => [each.id, each]));
  const rows = new Map<string, string>();
  for (const resource of functions) {
    const [id] = resource.Properties.Role['Fn::GetAtt'];
    const role = roles.get(id);
    const name = id.startsWith('Authorizers') ? 'authorizer' : readFunctionName(resource);
    if (role === undefined || name === undefined) continue;
    rows.set(name, listPermissions(role).join('; '));
  }
  const unknown = [...rows.keys()].filter((name) => !(name in permissionReasons));
  if (unknown.length > 0) throw new Error(`permissionReasons has nothing for ${unknown.join(', ')}`);
  const names = new Map<string, string[]>();
  for (const [name, reason] of Object.entries(permissionReasons)) {
    const rest = `${rows.get(name) || 'nothing else'} (${reason})`;
    names.set(rest, [...(names.get(rest) ?? []), code(name)]);
  }
  return formatList([...names].map(([rest, same]) => [same.join(', '), rest]));
}

const resourceNames: readonly (readonly [RegExp, string])[] = [
  [/"TablesLoginAttempts/, 'on `login-attempts`'],
  [/"TablesSessions/, 'on `sessions`'],
  [/"TablesProviderDocuments/, 'on `provider-documents`'],
  [/"SigningKeys/, 'with published signing keys'],
  [/"Functionsbackchannellogout/, 'of `backchannel-logout`'],
];

function listPermissions(role: Resource): readonly string[] {
  const byResource = new Map<string, string[]>();
  for (const { Action, Resource: resources } of listStatements(role)) {
    const text = JSON.stringify(resources);
    if (/"DataKey|Logs/.test(text)) continue;
    const name = resourceNames.find(([pattern]) => pattern.test(text))?.[1] ?? text;
    const actions = toList(Action).map((action) => code(action.replace(/^dynamodb:/, '')));
    byResource.set(name, [...(byResource.get(name) ?? []), ...actions]);
  }
  return [...byResource].map(([name, actions]) => `${[...new Set(actions)].join(', ')} ${name}`);
}

/** The parts of pages in `docs/operations`. */
export const operationsTables: readonly GeneratedTable[] = [
  { page: 'docs/operations/monitoring.md', name: 'urgent alarms', render: () => renderAlarms('Act now.') },
  {
    page: 'docs/operations/monitoring.md',
    name: 'other alarms',
    render: () => renderAlarms('Look on the next working day.'),
  },
  { page: 'docs/operations/monitoring.md', name: 'queries', render: renderQueries },
  { page: 'docs/operations/metrics.md', name: 'metrics', render: renderMetrics },
  { page: 'docs/operations/metrics.md', name: 'dimensions', render: renderDimensions },
  { page: 'docs/operations/permissions.md', name: 'functions', render: renderPermissions },
];
