import type { Template } from './synthesise.ts';

/** A request as AWS WAF sees it. */
export interface Seen {
  /** As sent: encoded, and with the stage where the stage is part of it. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What becomes of a request. */
export interface Verdict {
  /** The rule that refuses it, if one does. */
  readonly refusedBy?: string;
  /** The rules that count it, each with the address that it counts for. */
  readonly countedBy: Readonly<Record<string, string>>;
  /** The managed rule groups that look at it. */
  readonly lookedAtBy: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types, and tests fail on wrong ones
type Json = any;

/** Where the connection comes from. */
export const peer = 'the peer';

/** The rules of the template's only web ACL, in their order. */
export function rulesOf(template: Template): readonly Json[] {
  const [, { Properties }] = template.one('AWS::WAFv2::WebACL');
  return [...Properties.Rules].sort((left, right) => left.Priority - right.Priority);
}

/** Judges a request as AWS WAF would, as long as it was not sent too often. */
export function judge(template: Template, request: Seen): Verdict {
  const countedBy: Record<string, string> = {};
  const lookedAtBy: string[] = [];
  for (const { Name: name, Statement: statement } of rulesOf(template)) {
    const { RateBasedStatement: rate, ManagedRuleGroupStatement: group } = statement;
    if (rate !== undefined) {
      const counted = matches(rate.ScopeDownStatement, request) ? addressOf(rate, request) : undefined;
      if (counted === 'none') return { refusedBy: name, countedBy, lookedAtBy };
      if (counted !== undefined) countedBy[name] = counted;
    } else if (group !== undefined) {
      if (matches(group.ScopeDownStatement, request)) lookedAtBy.push(group.Name);
    } else if (matches(statement, request)) {
      return { refusedBy: name, countedBy, lookedAtBy };
    }
  }
  return { countedBy, lookedAtBy };
}

/** Undefined: the rule does not apply. `none`: there is no address where one should be. */
function addressOf(rate: Json, { headers = {} }: Seen): string | undefined {
  if (rate.AggregateKeyType === 'IP') return peer;
  const { HeaderName: name, FallbackBehavior: fallback } = rate.ForwardedIPConfig;
  const value = headers[name];
  if (value === undefined) return undefined;
  const [first = ''] = value.split(',');
  if (/^[0-9a-f.:]+$/i.test(first)) return first;
  return fallback === 'MATCH' ? 'none' : undefined;
}

function matches(statement: Json, request: Seen): boolean {
  const [[type, content]] = Object.entries(statement) as [[string, Json]];
  switch (type) {
    case 'NotStatement':
      return !matches(content.Statement, request);
    case 'AndStatement':
      return content.Statements.every((part: Json) => matches(part, request));
    case 'OrStatement':
      return content.Statements.some((part: Json) => matches(part, request));
    case 'RegexMatchStatement':
      return new RegExp(content.RegexString).test(fieldOf(content, request) ?? '');
    case 'ByteMatchStatement': {
      const text = textOf(content.SearchString);
      return content.PositionalConstraint === 'CONTAINS'
        ? (fieldOf(content, request)?.includes(text) ?? false)
        : fieldOf(content, request) === text;
    }
    case 'SizeConstraintStatement':
      return (fieldOf(content, request)?.length ?? -1) > content.Size;
    default:
      throw new Error(`${type} is not understood`);
  }
}

/** Undefined when there is none: then nothing matches, whatever is looked for. */
function fieldOf(
  { FieldToMatch, TextTransformations }: Json,
  { path, headers = {} }: Seen,
): string | undefined {
  const field = FieldToMatch.UriPath ? path : headers[FieldToMatch.SingleHeader.Name];
  const [{ Type: transformation }] = TextTransformations;
  return transformation === 'URL_DECODE' && field !== undefined ? decodeURIComponent(field) : field;
}

/** The name of the secret that a value refers to, as its value: `secret first`. */
function textOf(value: Json): string {
  const [, name] = /OriginSecrets([a-z0-9]+?)[0-9A-F]{8}/.exec(JSON.stringify(value)) ?? [];
  if (name !== undefined) return secretValue(name);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What stands for the value of an origin secret here. */
export function secretValue(name: string): string {
  return `secret ${name}`;
}

/**
 * What a statement costs, in web ACL capacity units.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html
 */
export function capacityOf(statement: Json, groups: Readonly<Record<string, number>>): number {
  const [[type, content]] = Object.entries(statement) as [[string, Json]];
  const transformations = (content.TextTransformations ?? []).filter(
    ({ Type: name }: Json) => name !== 'NONE',
  ).length;
  const inside = [
    ...(content.Statements ?? []),
    ...[content.Statement, content.ScopeDownStatement].filter((part) => part !== undefined),
  ].reduce((sum: number, part: Json) => sum + capacityOf(part, groups), 0);
  const own: Readonly<Record<string, number>> = {
    NotStatement: 0,
    AndStatement: 0,
    OrStatement: 0,
    RegexMatchStatement: 3,
    ByteMatchStatement: content.PositionalConstraint === 'CONTAINS' ? 10 : 2,
    SizeConstraintStatement: 1,
    RateBasedStatement: 2,
    ManagedRuleGroupStatement: groups[content.Name] ?? Number.NaN,
  };
  return (own[type] ?? Number.NaN) + 10 * transformations + inside;
}
