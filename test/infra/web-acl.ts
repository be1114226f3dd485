import type { Template } from 'aws-cdk-lib/assertions';
import { findResource } from './synthesise.ts';

/** A request to AWS WAF. */
export interface WafRequest {
  /** As sent: encoded, and with the stage where the stage is part of it. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The result of all rules for a request. */
export interface Verdict {
  /** The rule that refuses the request, if there is one. */
  readonly refusedBy?: string;
  /** Rate limit → the address for which it counts the request. */
  readonly countedBy: Readonly<Record<string, string>>;
  /** The managed rule groups that inspect the request. */
  readonly inspectedBy: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types, and tests fail on wrong ones
type Json = any;

/** Stands for the address of the connection. */
export const peer = 'the peer';

/** @returns the rules of the template's web ACL, in their order */
export function listRules(template: Template): readonly Json[] {
  const { Properties } = findResource(template, 'AWS::WAFv2::WebACL');
  return [...Properties.Rules].sort((left, right) => left.Priority - right.Priority);
}

/** Evaluates a request as AWS WAF does, below the rate limits. */
export function evaluateRequest(template: Template, request: WafRequest): Verdict {
  const countedBy: Record<string, string> = {};
  const inspectedBy: string[] = [];
  for (const { Name: name, Statement: statement } of listRules(template)) {
    const { RateBasedStatement: rate, ManagedRuleGroupStatement: group } = statement;
    if (rate !== undefined) {
      const counted = matches(rate.ScopeDownStatement, request) ? readAddress(rate, request) : undefined;
      if (counted === 'none') return { refusedBy: name, countedBy, inspectedBy };
      if (counted !== undefined) countedBy[name] = counted;
    } else if (group !== undefined) {
      if (matches(group.ScopeDownStatement, request)) inspectedBy.push(group.Name);
    } else if (matches(statement, request)) {
      return { refusedBy: name, countedBy, inspectedBy };
    }
  }
  return { countedBy, inspectedBy };
}

/** @returns undefined if the rule does not apply, and `none` for a value that is no address */
function readAddress(rate: Json, { headers = {} }: WafRequest): string | undefined {
  if (rate.AggregateKeyType === 'IP') return peer;
  const { HeaderName: name, FallbackBehavior: fallback } = rate.ForwardedIPConfig;
  const value = headers[name];
  if (value === undefined) return undefined;
  const [first = ''] = value.split(',');
  if (/^[0-9a-f.:]+$/i.test(first)) return first;
  return fallback === 'MATCH' ? 'none' : undefined;
}

function matches(statement: Json, request: WafRequest): boolean {
  const [[type, content]] = Object.entries(statement) as [[string, Json]];
  switch (type) {
    case 'NotStatement':
      return !matches(content.Statement, request);
    case 'AndStatement':
      return content.Statements.every((part: Json) => matches(part, request));
    case 'OrStatement':
      return content.Statements.some((part: Json) => matches(part, request));
    case 'RegexMatchStatement':
      return new RegExp(content.RegexString).test(readField(content, request) ?? '');
    case 'ByteMatchStatement': {
      const text = readText(content.SearchString);
      return content.PositionalConstraint === 'CONTAINS'
        ? (readField(content, request)?.includes(text) ?? false)
        : readField(content, request) === text;
    }
    case 'SizeConstraintStatement':
      return (readField(content, request)?.length ?? -1) > content.Size;
    default:
      throw new Error(`${type} is not supported`);
  }
}

/** @returns the field after its transformation. An absent field is undefined and matches nothing. */
function readField(
  { FieldToMatch, TextTransformations }: Json,
  { path, headers = {} }: WafRequest,
): string | undefined {
  const field = FieldToMatch.UriPath ? path : headers[FieldToMatch.SingleHeader.Name];
  const [{ Type: transformation }] = TextTransformations;
  return transformation === 'URL_DECODE' && field !== undefined ? decodeURIComponent(field) : field;
}

/** @returns a string of the template; for a reference to a secret, a value that stands for it: `secret first` */
function readText(value: Json): string {
  const [, name] = /OriginSecrets([a-z0-9]+?)[0-9A-F]{8}/.exec(JSON.stringify(value)) ?? [];
  if (name !== undefined) return secretValue(name);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Stands for the value of an origin secret. */
export function secretValue(name: string): string {
  return `secret ${name}`;
}

/**
 * Calculates the cost of a statement in web ACL capacity units.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
 */
export function calculateCapacity(statement: Json, groups: Readonly<Record<string, number>>): number {
  const [[type, content]] = Object.entries(statement) as [[string, Json]];
  const transformations = (content.TextTransformations ?? []).filter(
    ({ Type: name }: Json) => name !== 'NONE',
  ).length;
  const nested = [
    ...(content.Statements ?? []),
    ...[content.Statement, content.ScopeDownStatement].filter((part) => part !== undefined),
  ].reduce((sum: number, part: Json) => sum + calculateCapacity(part, groups), 0);
  const capacities: Readonly<Record<string, number>> = {
    NotStatement: 0,
    AndStatement: 0,
    OrStatement: 0,
    RegexMatchStatement: 3,
    ByteMatchStatement: content.PositionalConstraint === 'CONTAINS' ? 10 : 2,
    SizeConstraintStatement: 1,
    RateBasedStatement: 2,
    ManagedRuleGroupStatement: groups[content.Name] ?? Number.NaN,
  };
  return (capacities[type] ?? Number.NaN) + 10 * transformations + nested;
}
