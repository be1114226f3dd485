import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { validateConfig } from '../../lib/config/validate-config.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';

/** The functions of every deployment: each is a folder in `lambdas/` with an `index.ts`. */
export const functionNames = [
  'login',
  'callback',
  'userinfo',
  'logout',
  'backchannel-logout',
  'refresh-jwks',
  'refresh-did',
  'publish-jwks',
  'reserve-concurrency',
  'collect-audit',
] as const;
/**
 * Every bundle: that of the authorizers as well, which are as many functions as the config lists levels, and that of the
 * example service, which a deployment may have.
 */
export const bundleNames = [...functionNames, 'authorizer', 'example-service'] as const;
export type FunctionName = (typeof functionNames)[number];

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types, and tests fail on wrong ones
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A CloudFormation template, with questions to ask of it. */
export class Template {
  readonly json: {
    readonly Resources: Readonly<Record<string, Resource>>;
    readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>;
  };

  constructor(json: string) {
    this.json = JSON.parse(json);
  }

  get resources(): readonly (readonly [string, Resource])[] {
    return Object.entries(this.json.Resources);
  }

  ofType(type: string): readonly (readonly [string, Resource])[] {
    return this.resources.filter(([, resource]) => resource.Type === type);
  }

  /** The only resource whose logical id begins so. */
  one(type: string, idPrefix = ''): readonly [string, Resource] {
    const found = this.ofType(type).filter(([id]) => id.startsWith(idPrefix));
    const [only] = found;
    if (only === undefined || found.length > 1) {
      throw new Error(`${found.length} resources are ${type} ${idPrefix}, expected one`);
    }
    return only;
  }

  /** A function and its role. */
  function(name: FunctionName | 'example-service'): { readonly function: Resource; readonly role: Resource } {
    const { [this.functionId(name)]: found, [this.roleId(name)]: role } = this.json.Resources;
    if (found === undefined || role === undefined) throw new Error(`${name} has no role`);
    return { function: found, role };
  }

  /** The logical id of a function. */
  functionId(name: FunctionName | 'example-service'): string {
    const [id] = this.resources.find(([, resource]) => readFunctionName(resource) === name) ?? [];
    if (id === undefined) throw new Error(`there is no function ${name}`);
    return id;
  }

  /** The logical id of a function's role. */
  roleId(name: FunctionName | 'example-service'): string {
    return this.json.Resources[this.functionId(name)]?.Properties.Role['Fn::GetAtt'][0];
  }

  /** Every policy statement of the template, with the id of the resource that it stands in. */
  get statements(): readonly (readonly [string, Statement])[] {
    return this.resources.flatMap(([id, { Properties }]) =>
      [
        Properties?.PolicyDocument,
        Properties?.KeyPolicy,
        ...(Properties?.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument),
      ].flatMap((document) => (document?.Statement ?? []).map((statement: Statement) => [id, statement])),
    );
  }

  /** The route of every method, such as `GET /auth/login`. */
  get routes(): ReadonlyMap<string, Resource> {
    return new Map(
      this.ofType('AWS::ApiGateway::Method').map(([, method]) => [
        `${method.Properties.HttpMethod} ${this.#pathOf(method.Properties.ResourceId)}`,
        method,
      ]),
    );
  }

  #pathOf(reference: { readonly Ref?: string }): string {
    const { Ref: id } = reference;
    const resource = id === undefined ? undefined : this.json.Resources[id];
    return resource === undefined
      ? ''
      : `${this.#pathOf(resource.Properties.ParentId)}/${resource.Properties.PathPart}`;
  }
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

/** A string or list as a list. */
export function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

/** The content of a config file. */
export function configFile(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../config/${name}.json`, import.meta.url), 'utf8'));
}

/** The config of a file in `config/`, with some fields changed; a field set to undefined is left out. */
export function configOf(name: string, changes: Readonly<Record<string, unknown>> = {}): DeploymentConfig {
  const changed = Object.entries({ ...configFile(name), ...changes });
  return validateConfig(Object.fromEntries(changed.filter(([, value]) => value !== undefined)));
}

const placeholderBundle = fileURLToPath(new URL('../synthesis/placeholder-bundle', import.meta.url));
/** Every function name → a placeholder for its code. */
export const placeholderBundles: ReadonlyMap<string, string> = new Map(
  bundleNames.map((name) => [name, placeholderBundle]),
);

const request = fileURLToPath(new URL('../synthesis/request.mjs', import.meta.url));
const templates = new Map<string, Template>();

/** The template of a config's stack, with placeholders for the code of the functions. */
export function synthesise(config: DeploymentConfig): Template {
  const input = JSON.stringify(config);
  const known = templates.get(input);
  if (known !== undefined) return known;
  const template = new Template(
    execFileSync(process.execPath, [request], { input, encoding: 'utf8', maxBuffer: 2 ** 26 }),
  );
  templates.set(input, template);
  return template;
}
