import { type AlarmBase, AlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IDependable } from 'constructs';
import type { RestApi } from '../api/rest-api.ts';
import type { Tables } from '../data/tables.ts';
import type { OneLoginFunction } from '../functions/one-login-function.ts';
import type { Alarms } from './alarms.ts';
import type { Canary } from './canary.ts';
import { addCanaryAlarms } from './canary-alarms.ts';
import { addCertificateAlarm } from './certificate-alarm.ts';
import { SignInDashboard } from './dashboard.ts';
import { addFunctionAlarms } from './function-alarms.ts';
import type { MonitoredFunction, MonitoredResources } from './metrics.ts';
import { addDocumentAlarms, addKeyAlarms, addLogoutAlarms, addOwnKeysAlarm } from './provider-alarms.ts';
import { SavedQueries } from './saved-queries.ts';
import {
  addBurnSignals,
  addFailureAlarms,
  addIdentityAlarm,
  addMissingSignInsAlarm,
  addRefusalAlarm,
  addServerErrorSignal,
  addSlownessAlarms,
} from './sign-in-alarms.ts';

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
  /** The certificate of the API's own host name. */
  readonly certificateArn: string | undefined;
  readonly alarms: Alarms;
}

/** The functions of the routes, for whose responses users or One Login wait. */
const routeFunctions = ['login', 'callback', 'userinfo', 'logout', 'backchannel-logout'];

/** The dashboard, the alarms and the saved queries, see docs/operations/monitoring.md. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { name, alarms } = props;
    const resources = listMonitoredResources(props);
    // In the order in which to look when several are active. An alarm on the cause holds those on its consequences back.
    const burning = addBurnSignals(alarms, resources);
    const keys = addKeyAlarms(alarms, resources, burning);
    const causes: AlarmBase[] = [
      ...keys,
      ...addFunctionAlarms(alarms, resources),
      ...addFailureAlarms(alarms, resources, burning, keys),
      addOwnKeysAlarm(alarms, resources),
    ];
    causes.push(addOutsideAlarm(alarms, resources, props.canary, causes));
    addMissingSignInsAlarm(alarms, resources, causes);
    addSlownessAlarms(alarms, resources, causes);
    addRefusalAlarm(alarms, resources);
    addLogoutAlarms(alarms, resources, causes);
    addDocumentAlarms(alarms, resources, props.documentRefresh);
    addIdentityAlarm(alarms, resources);
    // The canary sees every certificate, also that of CloudFront.
    if (props.certificateArn !== undefined && props.canary === undefined)
      addCertificateAlarm(alarms, props.certificateArn);
    alarms.addAllClear();
    new SavedQueries(this, 'Queries', { folder: name, resources });
    new SignInDashboard(this, 'Dashboard', { name, resources, alarms });
  }
}

/**
 * Adds the alarm on requests that fail, whatever the reason. The canary and the metrics of API Gateway are parts of one alarm,
 * because either may be first to show an incident.
 */
function addOutsideAlarm(
  alarms: Alarms,
  resources: MonitoredResources,
  canary: Canary | undefined,
  heldBackBy: readonly AlarmBase[],
): AlarmBase {
  if (canary === undefined) {
    return alarms.addCombined('api-failing', {
      meaning: 'At least 5% of requests fail with a server error, and no other alarm shows the cause.',
      runbook: 'api-5xx',
      rule: addServerErrorSignal(alarms, resources, 'api-failing'),
      heldBackBy,
    });
  }
  return alarms.addCombined('canary-failing', {
    meaning:
      'Users cannot start to sign in, or the canary has not run for ten minutes. Or at least 5% of requests ' +
      'fail with a server error. No other alarm shows the cause.',
    rule: AlarmRule.anyOf(
      addCanaryAlarms(alarms, resources, canary.begin),
      addServerErrorSignal(alarms, resources, 'canary-failing'),
    ),
    heldBackBy,
  });
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
