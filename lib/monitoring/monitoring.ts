import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import type { RestApi } from '../api/rest-api.ts';
import type { Tables } from '../data/tables.ts';
import type { OneLoginFunction } from '../functions/one-login-function.ts';
import type { Alarms } from './alarms.ts';
import type { Canary } from './canary.ts';
import { addCanaryAlarms } from './canary-alarms.ts';
import { SignInDashboard } from './dashboard.ts';
import { addFunctionAlarms } from './function-alarms.ts';
import type { MonitoredFunction, MonitoredResources } from './metrics.ts';
import { addOneLoginAlarms } from './provider-alarms.ts';
import { SavedQueries } from './saved-queries.ts';
import { addSignInAlarms } from './sign-in-alarms.ts';

export interface MonitoringProps {
  /** The deployment's name in the config. */
  readonly deployment: string;
  /** The stack's name, with which names in CloudWatch begin. */
  readonly name: string;
  readonly api: RestApi;
  readonly tables: Tables;
  /** All functions of the deployment. */
  readonly functions: readonly OneLoginFunction[];
  /** The authorizers among them, by level. */
  readonly authorizers: ReadonlyMap<string, Lambda>;
  /** Fetches One Login's documents for the first time. */
  readonly documentRefresh: IDependable;
  readonly canary: Canary | undefined;
  readonly alarms: Alarms;
}

/** The functions of the routes, for whose responses somebody waits. */
const routeFunctions = ['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'];

/** The dashboard, the alarms and the saved queries, see docs/operations/monitoring.md. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { name, alarms } = props;
    const resources = listMonitoredResources(props);
    addSignInAlarms(alarms, resources);
    addOneLoginAlarms(alarms, resources, props.documentRefresh);
    addFunctionAlarms(alarms, resources);
    if (props.canary !== undefined) addCanaryAlarms(alarms, resources, props.canary.begin);
    new SavedQueries(this, 'Queries', { folder: name, resources });
    new SignInDashboard(this, 'Dashboard', { name, resources, alarms });
  }
}

function listMonitoredResources({
  deployment,
  name,
  api,
  tables,
  functions,
  authorizers,
}: MonitoringProps): MonitoredResources {
  const find = (wanted: string): MonitoredFunction[] =>
    functions.filter(({ node }) => node.id === wanted).map((found) => describeFunction(found, wanted));
  const [collector] = find('collect-audit');
  if (collector === undefined) throw new Error('There is no function collect-audit');
  const refreshers = (['jwks', 'did'] as const).flatMap((document) =>
    find(`refresh-${document}`).map((found) => ({ ...found, document })),
  );
  return {
    deployment,
    api: name,
    accessLog: api.accessLog,
    routes: routeFunctions.flatMap(find),
    authorizers: [...authorizers].flatMap(([level, lambda]) =>
      functions
        .filter((candidate) => candidate.function === lambda)
        .map((found) => describeFunction(found, `authorizer-${level}`)),
    ),
    refreshers,
    collector,
    canary: find('canary')[0],
    tables: [tables.loginAttempts, tables.sessions, tables.providerDocuments],
  };
}

function describeFunction({ function: lambda, logGroup }: OneLoginFunction, name: string): MonitoredFunction {
  return { name, function: lambda, logGroup };
}
