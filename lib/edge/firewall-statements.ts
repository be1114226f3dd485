/** What the firewall's rules are made of. Each function says what it costs, in web ACL capacity units (WCU). */

import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { jwksPath } from '../api/rest-api.ts';
import { stageName } from '../api/stage-name.ts';
import { originHeaders } from './origin-headers.ts';

export type Statement = CfnWebACL.StatementProperty;

const asItIs = [{ priority: 0, type: 'NONE' }];
/** API Gateway decodes a path before it looks for its route. */
const decoded = [{ priority: 0, type: 'URL_DECODE' }];

/**
 * Routes that machines ask: One Login (the JWKS and the back channel), and the service's own application, which may ask
 * for all its users from one address. They are no browsers, come from where servers are, and many requests from one of
 * them are no attack.
 */
const machinesPaths = [jwksPath, 'backchannel-logout', 'userinfo'];

/**
 * Whether the request is for a route that machines ask: exactly, so that nothing else slips through. The path begins
 * with the stage at the API's own address, and where CloudFront adds it; it need not at a domain. 3 WCU.
 */
export const isForMachines: Statement = {
  regexMatchStatement: {
    fieldToMatch: { uriPath: {} },
    regexString: `^(/${stageName})?/auth/(${machinesPaths.map(escaped).join('|')})$`,
    textTransformations: asItIs,
  },
};

/**
 * Whether the request is for one of these paths below `/auth`, however its path may be written: what is no route of the API is
 * counted as well, and refused by API Gateway. 13 WCU.
 */
export function isFor(paths: readonly string[]): Statement {
  return {
    regexMatchStatement: {
      fieldToMatch: { uriPath: {} },
      regexString: `/(${paths.map(escaped).join('|')})/*$`,
      textTransformations: decoded,
    },
  };
}

/** Whether the header has exactly this value, of at most 200 characters. 2 WCU. */
export function hasHeader(name: string, value: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: singleHeader(name),
      positionalConstraint: 'EXACTLY',
      searchString: value,
      textTransformations: asItIs,
    },
  };
}

/** Whether the header is there, with anything in it. 1 WCU. */
export function hasSomeHeader(name: string): Statement {
  return {
    sizeConstraintStatement: {
      fieldToMatch: singleHeader(name),
      comparisonOperator: 'GT',
      size: 0,
      textTransformations: asItIs,
    },
  };
}

/** Whether a cookie of this name comes with the request, whatever its value. 10 WCU. */
export function hasCookie(name: string): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: singleHeader('cookie'),
      positionalConstraint: 'CONTAINS',
      searchString: `${name}=`,
      textTransformations: asItIs,
    },
  };
}

/** What its statement costs. */
export function not(statement: Statement): Statement {
  return { notStatement: { statement } };
}

/** What its statements cost. */
export function matchAll(...statements: readonly Statement[]): Statement {
  return { andStatement: { statements: [...statements] } };
}

/** What its statements cost. One statement stands for itself: AWS WAF wants two at least. */
export function matchAny(statements: readonly Statement[]): Statement {
  const [only] = statements;
  return only !== undefined && statements.length === 1
    ? only
    : { orStatement: { statements: [...statements] } };
}

/** Seconds over which requests are counted. */
const window = 300;

/**
 * Whether more than so many requests that the statement holds of have come from the sender's address within five
 * minutes. 2 WCU, and those of the statement.
 *
 * @param behindCloudFront then the address is what CloudFront says that it is
 */
export function comesTooOften(limit: number, counted: Statement, behindCloudFront: boolean): Statement {
  return {
    rateBasedStatement: {
      limit,
      evaluationWindowSec: window,
      scopeDownStatement: counted,
      ...(behindCloudFront
        ? {
            aggregateKeyType: 'FORWARDED_IP',
            // Not X-Forwarded-For: its first address is the one that counts, and whatever a browser says it is.
            // What is no address is refused. Where there is no such header the rule does not apply at all: another
            // rule sees to that.
            forwardedIpConfig: { headerName: originHeaders.viewerAddress, fallbackBehavior: 'MATCH' },
          }
        : { aggregateKeyType: 'IP' }),
    },
  };
}

/** A rule group that AWS manages, for everything but what machines ask. The group's WCU, and 3. */
export function managedRuleGroup(name: string): Statement {
  return {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      scopeDownStatement: not(isForMachines),
      ...(name === 'AWSManagedRulesBotControlRuleSet'
        ? {
            managedRuleGroupConfigs: [{ awsManagedRulesBotControlRuleSet: { inspectionLevel: 'COMMON' } }],
          }
        : {}),
    },
  };
}

function singleHeader(name: string) {
  // A property that has no type in the CDK: it is passed on as it is.
  return { singleHeader: { Name: name } };
}

function escaped(path: string): string {
  return path.replaceAll('.', '\\.');
}
