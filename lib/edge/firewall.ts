import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { buildCookieNames } from '../../lambdas/core/session/cookie-names.ts';
import { jwksPath, type Route } from '../api/routes.ts';
import type { FirewallConfig } from '../config/deployment-config.ts';
import { createLogGroup, type LogOptions } from '../monitoring/log-group.ts';
import {
  applyManagedRuleGroup,
  limitRate,
  matchAll,
  matchAny,
  matchCookie,
  matchHeader,
  matchPaths,
  matchPresentHeader,
  negate,
  type Statement,
} from './firewall-statements.ts';
import { originHeaders } from './origin-secrets.ts';

export interface FirewallProps {
  /** The deployment's name. */
  readonly deployment: string;
  /** `cookieName` of the config. Empty for a deployment without one. */
  readonly cookieName: string;
  readonly stage: Stage;
  readonly routes: readonly Route[];
  /**
   * Rate limits and managed rule groups.
   * @default none: the firewall only checks that requests come from CloudFront
   */
  readonly firewall?: FirewallConfig | undefined;
  /**
   * Each request must contain one of these.
   * @default requests need not come from CloudFront
   */
  readonly originSecrets?: readonly Secret[] | undefined;
  readonly logs: LogOptions;
  /** AWS WAF requires a name that begins with `aws-waf-logs-`. */
  readonly logGroupName: string;
}

/**
 * The firewall in front of the API. API Gateway evaluates it first and returns the gateway response `WAF_FILTERED` for
 * requests that it refuses.
 *
 * The first rule checks that a request comes from CloudFront, so that the other rules can trust CloudFront's headers.
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { deployment, stage } = props;
    const acl = new CfnWebACL(this, 'WebAcl', {
      description: `In front of one-login-${deployment}`,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: buildRules(props).map((rule, priority) => ({
        ...rule,
        priority,
        visibilityConfig: buildVisibilityConfig(rule.name),
      })),
      visibilityConfig: buildVisibilityConfig(`one-login-${deployment}`),
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stage.stageArn, webAclArn: acl.attrArn });
    this.#log(acl, props);
  }

  #log(acl: CfnWebACL, { logs, logGroupName }: FirewallProps): void {
    const logGroup = createLogGroup(this, 'Log', logs, logGroupName);
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: 'log-group',
          resourceName: logGroupName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
      redactedFields: [
        { queryString: {} },
        ...['cookie', 'authorization', 'referer', originHeaders.secret].map((header) => ({
          singleHeader: { Name: header },
        })),
      ],
      // The access log contains the requests that the firewall allows.
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
          },
        ],
      },
    });
    logging.node.addDependency(logGroup);
  }
}

type FirewallRule = Pick<CfnWebACL.RuleProperty, 'statement' | 'action' | 'overrideAction'> & {
  readonly name: string;
};

function buildRules({ firewall, originSecrets, routes, cookieName }: FirewallProps): readonly FirewallRule[] {
  const behindCloudFront = originSecrets !== undefined;
  const fromCloudFront = (originSecrets ?? []).map((secret) =>
    // A reference that CloudFormation resolves: the template has no value.
    matchHeader(originHeaders.secret, secret.secretValue.unsafeUnwrap()),
  );
  const origin = behindCloudFront ? [block('NotFromCloudFront', negate(matchAny(fromCloudFront)))] : [];
  if (firewall === undefined) return origin;

  const { rateLimits } = firewall;
  const listPaths = (name: Route['function']) => [
    ...new Set(routes.filter((route) => route.function === name).map(({ path }) => path)),
  ];
  const [signIns, callbacks] = [listPaths('login'), listPaths('callback')];
  const withoutViewerAddress = matchAll(
    matchPaths([...signIns, ...callbacks]),
    negate(matchPresentHeader(originHeaders.viewerAddress)),
  );
  const tooMany = (limit: number, counted: Statement) => limitRate(limit, counted, behindCloudFront);
  return [
    ...origin,
    // Without this rule, a wrong setting in CloudFront would switch all rate limits off unnoticed.
    ...(behindCloudFront ? [block('NoViewerAddress', withoutViewerAddress)] : []),
    block('TooManySignIns', tooMany(rateLimits.signIn, matchPaths(signIns))),
    block('TooManyCallbacks', tooMany(rateLimits.callback, matchPaths(callbacks))),
    block('TooManySignOuts', tooMany(rateLimits.signOut, matchPaths(listPaths('logout')))),
    // One Login sends the notifications for all users and requests our keys from a few addresses.
    block(
      'TooManyNotifications',
      tooMany(rateLimits.backchannelLogout, matchPaths(listPaths('backchannelLogout'))),
    ),
    block('TooManyKeyRequests', tooMany(rateLimits.jwks, matchPaths([jwksPath]))),
    // Not counted with a session cookie: your application may send requests for all its users from one address.
    block(
      'TooManyWithoutSession',
      tooMany(
        rateLimits.userinfoWithoutSession,
        matchAll(
          matchPaths(listPaths('userinfo')),
          negate(matchCookie(buildCookieNames(cookieName).session)),
        ),
      ),
    ),
    ...firewall.managedRuleGroups.map((name) => ({
      name,
      statement: applyManagedRuleGroup(name),
      overrideAction: { none: {} },
    })),
  ];
}

function block(name: string, statement: Statement): FirewallRule {
  return { name, statement, action: { block: {} } };
}

/** The console shows sampled requests, which contain cookies, codes and states. */
function buildVisibilityConfig(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
