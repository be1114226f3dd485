/** The statements of the firewall's rules, each with its cost in web ACL capacity units (WCU). */

import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { jwksPath, stageName } from '../api/routes.ts';
import { originHeaders } from './origin-secrets.ts';

export type Statement = CfnWebACL.StatementProperty;

const unchanged = [{ priority: 0, type: 'NONE' }];
/** API Gateway decodes a path before it matches routes. */
const decoded = [{ priority: 0, type: 'URL_DECODE' }];

/**
 * The routes for machines: One Login requests the JWKS and sends logout notifications, and the service's own application
 * may request `/userinfo` for all its users from one address. Their requests come from servers, not from browsers, and
 * many of them are no attack.
 */
const machinePaths = [jwksPath, 'backchannel-logout', 'userinfo'];

/**
 * Matches exactly the routes for machines. The path begins with the stage at the API's own address and behind CloudFront,
 * but not at a domain. 3 WCU.
 */
export const matchMachinePaths: Statement = {
  regexMatchStatement: {
    fieldToMatch: { uriPath: {} },
    regexString: `^(/${stageName})?/auth/(${machinePaths.map(escapeRegex).join('|')})$`,
    textTransformations: unchanged,
  },
};

/**
 * Matches these paths below `/auth` in any spelling. It also matches some paths that are no routes; API Gateway refuses
 * those. 13 WCU.
 */
export function matchPaths(paths: readonly string[]): Statement {
  return {
    regexMatchStatement: {
      fieldToMatch: { uriPath: {} },
      regexString: `/(${paths.map(escapeRegex).join('|')})/*$`,
      textTransformations: decoded,
    },
  };
}

/** Matches a header with exactly this value, of at most 200 characters. 2 WCU. */
export function matchHeader(name: string, value: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: singleHeader(name),
      positionalConstraint: 'EXACTLY',
      searchString: value,
      textTransformations: unchanged,
    },
  };
}

/** Matches a header that is present and not empty. 1 WCU. */
export function matchPresentHeader(name: string): Statement {
  return {
    sizeConstraintStatement: {
      fieldToMatch: singleHeader(name),
      comparisonOperator: 'GT',
      size: 0,
      textTransformations: unchanged,
    },
  };
}

/** Matches a cookie of this name with any value. 10 WCU. */
export function matchCookie(name: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: singleHeader('cookie'),
      positionalConstraint: 'CONTAINS',
      searchString: `${name}=`,
      textTransformations: unchanged,
    },
  };
}

/** Costs as much as the statement. */
export function negate(statement: Statement): Statement {
  return { notStatement: { statement } };
}

/** Costs as much as the statements. */
export function matchAll(...statements: readonly Statement[]): Statement {
  return { andStatement: { statements: [...statements] } };
}

/** Costs as much as the statements. AWS WAF requires at least two statements in an `or`. */
export function matchAny(statements: readonly Statement[]): Statement {
  const [only] = statements;
  return only !== undefined && statements.length === 1
    ? only
    : { orStatement: { statements: [...statements] } };
}

/**
 * Matches requests from an address that has sent more matching requests than the limit within five minutes. Costs 2 WCU
 * more than the statement.
 *
 * @param behindCloudFront whether the address comes from the header that CloudFront sets
 */
export function limitRate(limit: number, counted: Statement, behindCloudFront: boolean): Statement {
  return {
    rateBasedStatement: {
      limit,
      evaluationWindowSec: 300,
      scopeDownStatement: counted,
      ...(behindCloudFront
        ? {
            aggregateKeyType: 'FORWARDED_IP',
            // Not X-Forwarded-For: AWS WAF uses its first address, which a browser can choose.
            // MATCH refuses values that are no addresses. A request without the header is not counted here: the
            // rule NoViewerAddress refuses it.
            forwardedIpConfig: { headerName: originHeaders.viewerAddress, fallbackBehavior: 'MATCH' },
          }
        : { aggregateKeyType: 'IP' }),
    },
  };
}

/** Applies a rule group of AWS to all routes except those for machines. Costs 3 WCU more than the group. */
export function applyManagedRuleGroup(name: string): Statement {
  return {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      scopeDownStatement: negate(matchMachinePaths),
      ...(name === 'AWSManagedRulesBotControlRuleSet'
        ? {
            managedRuleGroupConfigs: [{ awsManagedRulesBotControlRuleSet: { inspectionLevel: 'COMMON' } }],
          }
        : {}),
    },
  };
}

function singleHeader(name: string) {
  // The CDK has no type for this property and passes it on unchanged.
  return { singleHeader: { Name: name } };
}

function escapeRegex(path: string): string {
  return path.replaceAll('.', '\\.');
}
