import { isJsonList, isJsonObject, type Json, type JsonObject } from '../template/json.ts';
import { matchesAction, matchesArn, matchesPattern } from './pattern.ts';

/** Something that somebody wants to do. */
export interface AccessRequest {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** The ARN of what it is done to. */
  readonly resource: string;
  /** The condition keys of the request, such as `kms:SigningAlgorithm`. */
  readonly context: Readonly<Record<string, string>>;
}

/** A statement of a policy, its intrinsic functions evaluated. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Each holds if one of its values matches that key of the request. */
  readonly conditions: readonly Condition[];
  /** Of a policy that is a resource's: the ARNs of the accounts that may decide, or of services. */
  readonly principals: readonly string[];
}

interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  readonly matches: (value: string, actual: string) => boolean;
}

/** ArnEquals and ArnLike are the same to IAM. */
const operators: Readonly<Record<string, Condition['matches']>> = {
  StringEquals: (value, actual) => value === actual,
  StringLike: matchesPattern,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

const elements = ['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Principal'];

/**
 * Reads the statements of a policy document.
 *
 * @param fail told of what is not understood, so that nothing is passed over that could allow or deny
 */
export function readStatements(document: Json, fail: (problem: string) => never): readonly Statement[] {
  const statements = isJsonObject(document) ? document['Statement'] : undefined;
  if (statements === undefined) return fail('has no statements');
  return (isJsonList(statements) ? statements : [statements]).map((statement) =>
    isJsonObject(statement) ? readStatement(statement, fail) : fail('has a statement that is no object'),
  );
}

function readStatement(statement: JsonObject, fail: (problem: string) => never): Statement {
  const unknown = Object.keys(statement).find((element) => !elements.includes(element));
  if (unknown !== undefined) fail(`has a statement with ${unknown}, which is not understood`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') return fail(`has a statement with the effect ${effect}`);
  const { Condition: conditions = {}, Principal: principal = {} } = statement;
  return {
    effect,
    actions: readTexts(statement['Action']),
    resources: readTexts(statement['Resource']),
    conditions: isJsonObject(conditions) ? readConditions(conditions, fail) : fail('has a wrong condition'),
    principals: isJsonObject(principal) ? Object.values(principal).flatMap(readTexts) : readTexts(principal),
  };
}

function readConditions(conditions: JsonObject, fail: (problem: string) => never): readonly Condition[] {
  return Object.entries(conditions).flatMap(([operator, keys]) => {
    const matches = operators[operator] ?? fail(`has the condition ${operator}, which is not understood`);
    if (!isJsonObject(keys)) return fail(`has a wrong condition ${operator}`);
    return Object.entries(keys).map(([key, values]) => ({ key, values: readTexts(values), matches }));
  });
}

function readTexts(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  return (isJsonList(value) ? value : [value]).map(String);
}

/** Whether a statement is about a request: its action, resource and every condition. */
export function isAbout(statement: Statement, request: AccessRequest): boolean {
  return (
    statement.actions.some((action) => matchesAction(action, request.action)) &&
    statement.resources.some((resource) => matchesPattern(resource, request.resource)) &&
    statement.conditions.every(({ key, values, matches }) => {
      const actual = request.context[key];
      return actual !== undefined && values.some((value) => matches(value, actual));
    })
  );
}

/** Whether a policy allows a request: a statement does, and none denies it. */
export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  const about = statements.filter((statement) => isAbout(statement, request));
  return about.length > 0 && about.every(({ effect }) => effect === 'Allow');
}
