import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import type { RestApi } from '../api/rest-api.ts';
import type { Tables } from '../data/tables.ts';
import type { LambdaFunction } from '../functions/lambda-function.ts';
import type { Alarms } from './alarms.ts';
import { SignInDashboard } from './dashboard.ts';
import { addFunctionAlarms } from './function-alarms.ts';
import { addOneLoginAlarms } from './one-login-alarms.ts';
import { SavedQueries } from './saved-queries.ts';
import { addSignInAlarms } from './sign-in-alarms.ts';
import type { Watched, WatchedFunction } from './watched.ts';

export interface MonitoringProps {
  /** The deployment's name in the config. */
  readonly deployment: string;
  /** The stack's name: what names in CloudWatch begin with. */
  readonly name: string;
  readonly api: RestApi;
  readonly tables: Tables;
  /** Every function of the deployment. */
  readonly functions: readonly LambdaFunction[];
  /** Those among them that are authorizers, by level. */
  readonly authorizers: ReadonlyMap<string, Lambda>;
  /** Made once One Login's documents have been fetched for the first time. */
  readonly documentsFetched: IDependable;
  readonly alarms: Alarms;
}

/** The functions whose answers somebody waits for. */
const routeFunctions = ['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'];

/**
 * What an operator looks at: the dashboard, the alarms and the saved queries. See docs/operations/monitoring.md.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { name, alarms } = props;
    const watched = listWatched(props);
    addSignInAlarms(alarms, watched);
    addOneLoginAlarms(alarms, watched, props.documentsFetched);
    addFunctionAlarms(alarms, watched);
    new SavedQueries(this, 'Queries', { folder: name, watched });
    new SignInDashboard(this, 'Dashboard', { name, watched, alarms });
  }
}

function listWatched({ deployment, name, api, tables, functions, authorizers }: MonitoringProps): Watched {
  const find = (wanted: string): WatchedFunction[] =>
    functions.filter(({ node }) => node.id === wanted).map((found) => watch(found, wanted));
  const [collector] = find('collect-audit');
  if (collector === undefined) throw new Error('there is no function collect-audit');
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
        .map((found) => watch(found, `authorizer-${level}`)),
    ),
    refreshers,
    collector,
    tables: [tables.loginAttempts, tables.sessions, tables.providerDocuments],
  };
}

function watch({ function: lambda, logGroup }: LambdaFunction, name: string): WatchedFunction {
  return { name, function: lambda, logGroup };
}
