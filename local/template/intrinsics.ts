import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';
import { substitute } from './substitution.ts';
import { TemplateError, type TemplateLocation } from './template-error.ts';

/** What intrinsic functions refer to. Each method returns undefined for what there is not. */
export interface ResolutionScope {
  /** The value of a parameter, pseudo parameter or created resource. */
  reference(name: string): Json | undefined;
  attribute(logicalId: string, name: string): string | undefined;
  /** The expression of a condition of the template. */
  condition(name: string): Json | undefined;
  /** The template's Mappings. */
  mapping(mapName: string): JsonObject | undefined;
}

type Intrinsic = (argument: Json, scope: ResolutionScope, at: TemplateLocation) => Json | undefined;

/** The pseudo parameter that removes a property. */
const noValue = 'AWS::NoValue';

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, at) => {
    const name = text(argument, at, 'Ref');
    if (name === noValue) return undefined;
    const value = scope.reference(name);
    if (value === undefined) throw new TemplateError(at, `refers to ${name}, which has no value here`);
    return value;
  },
  'Fn::GetAtt': (argument, scope, at) => {
    const [logicalId, ...names] = list(argument, scope, at, 'Fn::GetAtt').map((part) =>
      text(part, at, 'Fn::GetAtt'),
    );
    return attribute(logicalId ?? '', names.join('.'), scope, at);
  },
  'Fn::Sub': (argument, scope, at) => {
    const [template, own] = isJsonList(argument) ? argument : [argument, {}];
    const variables = isJsonObject(own) ? own : {};
    return substitute(text(template ?? '', at, 'Fn::Sub'), (name) => {
      const variable = variables[name];
      if (variable !== undefined) return text(resolveIntrinsics(variable, scope, at), at, 'Fn::Sub');
      const dot = name.indexOf('.');
      return dot < 0
        ? text(resolveIntrinsics({ Ref: name }, scope, at), at, 'Fn::Sub')
        : attribute(name.slice(0, dot), name.slice(dot + 1), scope, at);
    });
  },
  'Fn::Join': (argument, scope, at) => {
    const [separator, parts] = list(argument, scope, at, 'Fn::Join');
    return list(parts, scope, at, 'Fn::Join')
      .map((part) => text(part, at, 'Fn::Join'))
      .join(text(separator, at, 'Fn::Join'));
  },
  'Fn::Split': (argument, scope, at) => {
    const [separator, whole] = list(argument, scope, at, 'Fn::Split');
    return text(whole, at, 'Fn::Split').split(text(separator, at, 'Fn::Split'));
  },
  'Fn::Select': (argument, scope, at) => {
    const [index, values] = list(argument, scope, at, 'Fn::Select');
    const value = list(values, scope, at, 'Fn::Select')[Number(index)];
    if (value === undefined)
      throw new TemplateError(at, `Fn::Select finds nothing at index ${String(index)}`);
    return value;
  },
  'Fn::FindInMap': (argument, scope, at) => {
    const [mapName, first, second] = list(argument, scope, at, 'Fn::FindInMap').map((part) =>
      text(part, at, 'Fn::FindInMap'),
    );
    const row = scope.mapping(mapName ?? '')?.[first ?? ''];
    const value = isJsonObject(row) ? row[second ?? ''] : undefined;
    if (value === undefined)
      throw new TemplateError(at, `Fn::FindInMap finds no ${mapName}.${first}.${second}`);
    return value;
  },
  'Fn::If': (argument, scope, at) => {
    const [name, whenTrue, whenFalse] = isJsonList(argument) ? argument : [];
    const chosen = isConditionTrue(text(name, at, 'Fn::If'), scope, at) ? whenTrue : whenFalse;
    return chosen === undefined ? undefined : resolveIntrinsics(chosen, scope, at);
  },
  'Fn::Equals': (argument, scope, at) => {
    const [left, right] = list(argument, scope, at, 'Fn::Equals');
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope, at) => list(argument, scope, at, 'Fn::And').every((part) => part === true),
  'Fn::Or': (argument, scope, at) => list(argument, scope, at, 'Fn::Or').some((part) => part === true),
  'Fn::Not': (argument, scope, at) => list(argument, scope, at, 'Fn::Not')[0] !== true,
};

/**
 * Evaluates the intrinsic functions in a value.
 *
 * @returns the plain value; undefined where it is `AWS::NoValue`
 * @throws TemplateError for a function that is not understood or refers to what there is not
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolveIntrinsics(
  value: Json,
  scope: ResolutionScope,
  at: TemplateLocation,
): Json | undefined {
  if (isJsonList(value)) {
    return value.map((item) => resolveIntrinsics(item, scope, at)).filter((item) => item !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const name = intrinsicName(value);
  if (name !== undefined) return applyIntrinsic(name, value[name] ?? null, scope, at);
  const resolved = Object.entries(value).map(
    ([key, item]) =>
      [key, resolveIntrinsics(item, scope, { ...at, property: join(at.property, key) })] as const,
  );
  return Object.fromEntries(resolved.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

/** The function that an object calls, or undefined for a plain object. */
export function intrinsicName(value: JsonObject): string | undefined {
  const [name, ...others] = Object.keys(value);
  const calls = name === 'Ref' || name === 'Condition' || name?.startsWith('Fn::');
  // An IAM statement has a Condition, too, but never only that.
  return calls && others.length === 0 ? name : undefined;
}

/** Evaluates a condition of the template by its name. */
export function isConditionTrue(name: string, scope: ResolutionScope, at: TemplateLocation): boolean {
  const expression = scope.condition(name);
  if (expression === undefined)
    throw new TemplateError(at, `refers to the condition ${name}, which there is not`);
  return resolveIntrinsics(expression, scope, { logicalId: 'Conditions', property: name }) === true;
}

function applyIntrinsic(
  name: string,
  argument: Json,
  scope: ResolutionScope,
  at: TemplateLocation,
): Json | undefined {
  if (name === 'Condition') return isConditionTrue(text(argument, at, name), scope, at);
  const intrinsic = intrinsics[name];
  if (!intrinsic) throw new TemplateError(at, `the local environment does not understand ${name}`);
  return intrinsic(argument, scope, at);
}

function attribute(logicalId: string, name: string, scope: ResolutionScope, at: TemplateLocation): string {
  const value = scope.attribute(logicalId, name);
  if (value === undefined) {
    throw new TemplateError(at, `refers to the attribute ${name} of ${logicalId}, which has no value here`);
  }
  return value;
}

function text(value: Json | undefined, at: TemplateLocation, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(at, `${name} expects a string, not ${JSON.stringify(value)}`);
}

function list(
  value: Json | undefined,
  scope: ResolutionScope,
  at: TemplateLocation,
  name: string,
): readonly Json[] {
  const resolved = value === undefined ? undefined : resolveIntrinsics(value, scope, at);
  if (isJsonList(resolved)) return resolved;
  throw new TemplateError(at, `${name} expects a list, not ${JSON.stringify(value)}`);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
