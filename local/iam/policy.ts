import { isJsonList, isJsonObject, type Json, type JsonObject } from '../template/json.ts';

/** An action that a function tries to take. */
export interface AccessRequest {
  /** Such as `dynamodb:PutItem`. */
  readonly action: string;
  /** The ARN of the resource. */
  readonly resource: string;
  /** The condition keys of the request, such as `kms:SigningAlgorithm`. */
  readonly context: Readonly<Record<string, string>>;
}

/** A statement of a policy that allows something, its intrinsic functions evaluated. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** All of them must hold. */
  readonly conditions: readonly Condition[];
  /** In the policy of a resource: the ARNs of the accounts and the names of the services that it is for. */
  readonly principals: readonly string[];
}

/** Holds if one of the values matches that key of the request. */
interface Condition {
  readonly key: string;
  readonly values: readonly string[];
  readonly matches: (value: string, actual: string) => boolean;
}

/** ArnEquals and ArnLike are the same in IAM. */
const operators: Readonly<Record<string, Condition['matches']>> = {
  StringEquals: (value, actual) => value === actual,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
};

const elements = ['Sid', 'Effect', 'Action', 'Resource', 'Condition', 'Principal'];

/**
 * Reads the statements of a policy document.
 *
 * @param fail called for anything that is not understood, because it could allow or deny something
 */
export function readStatements(document: Json, fail: (problem: string) => never): readonly Statement[] {
  const statements = isJsonObject(document) ? document['Statement'] : undefined;
  if (!isJsonList(statements)) return fail('has no statements');
  return statements.map((statement) =>
    isJsonObject(statement) ? readStatement(statement, fail) : fail('has a statement that is not an object'),
  );
}

function readStatement(statement: JsonObject, fail: (problem: string) => never): Statement {
  const unknown = Object.keys(statement).find((element) => !elements.includes(element));
  if (unknown !== undefined) fail(`has a statement with ${unknown}, which is not understood`);
  const { Effect: effect, Condition: conditions = {}, Principal: principal = {} } = statement;
  if (effect !== 'Allow') fail(`has a statement with the effect ${effect}, which is not understood`);
  return {
    actions: readTexts(statement['Action']),
    resources: readTexts(statement['Resource']),
    conditions: isJsonObject(conditions) ? readConditions(conditions, fail) : fail('has a wrong condition'),
    principals: isJsonObject(principal)
      ? Object.values(principal).flatMap(readTexts)
      : fail('has a principal that is not understood'),
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

/** Whether a statement allows a request: its action, its resource and every condition match. */
export function allows(statement: Statement, request: AccessRequest): boolean {
  return (
    statement.actions.some((action) => matchesPattern(action, request.action)) &&
    statement.resources.some((resource) => matchesPattern(resource, request.resource)) &&
    statement.conditions.every(({ key, values, matches }) => {
      const actual = request.context[key];
      return actual !== undefined && values.some((value) => matches(value, actual));
    })
  );
}

/** In a pattern `*` is any text, and `?` is any character. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

/** A pattern of an ARN does not reach from one of the first five parts into the next. */
export function matchesArn(pattern: string, arn: string): boolean {
  const [patterns, parts] = [splitArn(pattern), splitArn(arn)];
  return (
    patterns.length === parts.length &&
    patterns.every((each, index) => matchesPattern(each, parts[index] ?? ''))
  );
}

function splitArn(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
