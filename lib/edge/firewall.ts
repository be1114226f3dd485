import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { jwksPath } from '../api/rest-api.ts';
import type { Route } from '../api/routes.ts';
import type { FirewallConfig } from '../config/deployment-config.ts';
import { createLogGroup, type LogOptions } from '../monitoring/log-group.ts';
import {
  comesTooOften,
  hasCookie,
  hasHeader,
  hasSomeHeader,
  isFor,
  managedRuleGroup,
  matchAll,
  matchAny,
  not,
  type Statement,
} from './firewall-statements.ts';
import { originHeaders } from './origin-headers.ts';

/** As `lambdas/core/session/cookies.ts` has it: a test compares the two. */
const sessionCookieName = '__Host-one-login-session';

export interface FirewallProps {
  /** The deployment's name. */
  readonly deployment: string;
  readonly stage: Stage;
  readonly routes: readonly Route[];
  /**
   * What to look for.
   * @default only whether a request comes from CloudFront
   */
  readonly firewall?: FirewallConfig | undefined;
  /**
   * One of these must come with each request.
   * @default requests need not come from CloudFront
   */
  readonly originSecrets?: readonly Secret[] | undefined;
  readonly logs: LogOptions;
  /** AWS WAF takes log groups only whose names begin with `aws-waf-logs-`. */
  readonly logGroupName: string;
}

/**
 * The firewall in front of the API. It is asked before anything else that API Gateway does. What it refuses gets the
 * gateway response for `WAF_FILTERED`.
 *
 * Whether a request comes from CloudFront is the first thing that it asks: all that follows may believe what CloudFront
 * says.
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
        visibilityConfig: seen(rule.name),
      })),
      visibilityConfig: seen(`one-login-${deployment}`),
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
      // What is let through is in the access log.
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

type Rule = Pick<CfnWebACL.RuleProperty, 'statement' | 'action' | 'overrideAction'> & {
  readonly name: string;
};

function buildRules({ firewall, originSecrets, routes }: FirewallProps): readonly Rule[] {
  const behindCloudFront = originSecrets !== undefined;
  const fromCloudFront = (originSecrets ?? []).map((secret) =>
    // A reference that CloudFormation resolves: the template has no value.
    hasHeader(originHeaders.secret, secret.secretValue.unsafeUnwrap()),
  );
  const origin = behindCloudFront ? [block('NotFromCloudFront', not(matchAny(fromCloudFront)))] : [];
  if (firewall === undefined) return origin;

  const { rateLimits } = firewall;
  const pathsOf = (name: Route['function']) => [
    ...new Set(routes.filter((route) => route.function === name).map(({ path }) => path)),
  ];
  const [signIns, callbacks] = [pathsOf('login'), pathsOf('callback')];
  const nobody = matchAll(isFor([...signIns, ...callbacks]), not(hasSomeHeader(originHeaders.viewerAddress)));
  const tooMany = (limit: number, counted: Statement) => comesTooOften(limit, counted, behindCloudFront);
  return [
    ...origin,
    // Otherwise nobody would be counted, and nobody notice.
    ...(behindCloudFront ? [block('NoViewerAddress', nobody)] : []),
    block('TooManySignIns', tooMany(rateLimits.signIn, isFor(signIns))),
    block('TooManyCallbacks', tooMany(rateLimits.callback, isFor(callbacks))),
    block('TooManySignOuts', tooMany(rateLimits.signOut, isFor(pathsOf('logout')))),
    // One Login sends the notifications of all users, and asks for our keys, from few addresses.
    block('TooManyNotifications', tooMany(rateLimits.backchannelLogout, isFor(pathsOf('backchannelLogout')))),
    block('TooManyKeyRequests', tooMany(rateLimits.jwks, isFor([jwksPath]))),
    // Your application may ask for all its users from one address: with a session cookie, nothing is counted.
    block(
      'TooManyWithoutSession',
      tooMany(
        rateLimits.userinfoWithoutSession,
        matchAll(isFor(pathsOf('userinfo')), not(hasCookie(sessionCookieName))),
      ),
    ),
    ...firewall.managedRuleGroups.map((name) => ({
      name,
      statement: managedRuleGroup(name),
      overrideAction: { none: {} },
    })),
  ];
}

function block(name: string, statement: Statement): Rule {
  return { name, statement, action: { block: {} } };
}

/** Sampled requests, which the console shows, have cookies, codes and states in them. */
function seen(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
