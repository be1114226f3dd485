import { TemplateError, type TemplateLocation } from '../start-error.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';

/** What intrinsic functions refer to. Each method returns undefined when the thing does not exist. */
export interface ResolutionScope {
  /** The value of a pseudo parameter or created resource. */
  reference(name: string): string | undefined;
  attribute(logicalId: string, name: string): string | undefined;
}

type Intrinsic = (argument: Json, scope: ResolutionScope, at: TemplateLocation) => Json;

/** The functions that the templates of this project contain. */
const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, at) => readReference(readText(argument, at, 'Ref'), scope, at),
  'Fn::GetAtt': (argument, scope, at) => {
    const [logicalId = '', name = ''] = readList(argument, scope, at, 'Fn::GetAtt').map(String);
    const value = scope.attribute(logicalId, name);
    if (value !== undefined) return value;
    throw new TemplateError(at, `refers to the attribute ${name} of ${logicalId}, which has no value here`);
  },
  'Fn::Sub': (argument, scope, at) =>
    readText(argument, at, 'Fn::Sub').replace(/\$\{([^}]*)\}/g, (_whole, name) =>
      readReference(name, scope, at),
    ),
  'Fn::Join': (argument, scope, at) => {
    const [separator, parts] = readList(argument, scope, at, 'Fn::Join');
    return readList(parts, scope, at, 'Fn::Join')
      .map((part) => readText(part, at, 'Fn::Join'))
      .join(readText(separator, at, 'Fn::Join'));
  },
  'Fn::Split': (argument, scope, at) => {
    const [separator, text] = readList(argument, scope, at, 'Fn::Split');
    return readText(text, at, 'Fn::Split').split(readText(separator, at, 'Fn::Split'));
  },
  'Fn::Select': (argument, scope, at) => {
    const [index, items] = readList(argument, scope, at, 'Fn::Select');
    const item = readList(items, scope, at, 'Fn::Select')[Number(index)];
    if (item !== undefined) return item;
    throw new TemplateError(at, `Fn::Select finds no item ${JSON.stringify(index)}`);
  },
};

/**
 * Evaluates the intrinsic functions in a value.
 *
 * @throws TemplateError for a function that is not understood or refers to something that does not exist
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolveIntrinsics(value: Json, scope: ResolutionScope, at: TemplateLocation): Json {
  if (isJsonList(value)) return value.map((item) => resolveIntrinsics(item, scope, at));
  if (!isJsonObject(value)) return value;
  const name = intrinsicName(value);
  if (name === undefined) {
    const resolve = (key: string, item: Json) =>
      resolveIntrinsics(item, scope, { ...at, property: at.property === '' ? key : `${at.property}.${key}` });
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(key, item)]));
  }
  const intrinsic = intrinsics[name];
  if (!intrinsic) throw new TemplateError(at, `the local environment does not understand ${name}`);
  return intrinsic(value[name] ?? null, scope, at);
}

/** The function that an object calls, or undefined for a plain object. */
export function intrinsicName(value: JsonObject): string | undefined {
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && (name === 'Ref' || name?.startsWith('Fn::')) ? name : undefined;
}

function readReference(name: string, scope: ResolutionScope, at: TemplateLocation): string {
  const value = scope.reference(name);
  if (value === undefined) throw new TemplateError(at, `refers to ${name}, which has no value here`);
  return value;
}

function readText(value: Json | undefined, at: TemplateLocation, name: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(at, `${name} expects a string, not ${JSON.stringify(value)}`);
}

function readList(
  value: Json | undefined,
  scope: ResolutionScope,
  at: TemplateLocation,
  name: string,
): readonly Json[] {
  const resolved = value === undefined ? undefined : resolveIntrinsics(value, scope, at);
  if (isJsonList(resolved)) return resolved;
  throw new TemplateError(at, `${name} expects a list, not ${JSON.stringify(value)}`);
}
