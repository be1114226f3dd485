import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Template } from 'aws-cdk-lib/assertions';
import { App, type Stack } from 'aws-cdk-lib/core';
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
export type FunctionName = (typeof functionNames)[number] | 'canary' | 'example-service';

/** All bundles. A deployment may have several authorizers, a canary and an example service. */
export const bundleNames = [...functionNames, 'authorizer', 'canary', 'example-service'] as const;

/** Function name → a placeholder for its bundle. */
export const placeholderBundles: ReadonlyMap<string, string> = new Map(
  bundleNames.map((name) => [
    name,
    fileURLToPath(new URL('../synthesis/placeholder-bundle', import.meta.url)),
  ]),
);

/** @returns the content of a file in `config/` */
export function readConfigFile(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL(`../../config/${name}.json`, import.meta.url), 'utf8'));
}

/** @returns the validated config of a file in `config/` with changes; undefined removes a field */
export function buildTestConfig(
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): DeploymentConfig {
  return validateConfig(JSON.parse(JSON.stringify({ ...readConfigFile(name), ...changes })));
}

const request = fileURLToPath(new URL('../synthesis/request.mjs', import.meta.url));
const templates = new Map<string, Template>();

/** @returns the template of a config's stack, with placeholders for the bundles */
export function synthesise(config: DeploymentConfig): Template {
  const input = JSON.stringify(config);
  const known = templates.get(input);
  if (known !== undefined) return known;
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  const template = Template.fromString(execFileSync(process.execPath, [request], options));
  templates.set(input, template);
  return template;
}

/** The content of a template. */
export interface TemplateContent {
  readonly Resources: Readonly<Record<string, Omit<Resource, 'id'>>>;
  readonly Outputs: Readonly<Record<string, { readonly Description: string; readonly Value: unknown }>>;
}

/** @returns the content of the template of a config's stack */
export function readTemplate(config: DeploymentConfig): TemplateContent {
  return synthesise(config).toJSON() as TemplateContent;
}

/** @returns the template of a stack in an app of its own */
export function synthesiseStack(create: (app: App) => Stack): Template {
  const outdir = mkdtempSync(join(tmpdir(), 'one-login-synth-'));
  try {
    return Template.fromStack(create(new App({ outdir })));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export interface Resource {
  /** The logical id. */
  readonly id: string;
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have no types, and tests fail on wrong ones
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** @returns the resources of a type, or of all types, whose logical ids begin with a prefix */
export function listResources(template: Template, type?: string, idPrefix = ''): readonly Resource[] {
  return Object.entries<Omit<Resource, 'id'>>(template.toJSON()['Resources'])
    .filter(([id, { Type }]) => (type === undefined || Type === type) && id.startsWith(idPrefix))
    .map(([id, resource]) => ({ ...resource, id }));
}

/** @returns the only resource of a type whose logical id begins with a prefix */
export function findResource(template: Template, type?: string, idPrefix = ''): Resource {
  const [only, ...others] = listResources(template, type, idPrefix);
  if (only === undefined || others.length > 0) {
    throw new Error(`${others.length + Number(only !== undefined)} resources are ${type} ${idPrefix}`);
  }
  return only;
}

export function findFunction(template: Template, name: FunctionName): Resource {
  const found = listResources(template).find((resource) => readFunctionName(resource) === name);
  if (found === undefined) throw new Error(`There is no function ${name}`);
  return found;
}

/** @returns the role of a function */
export function findRole(template: Template, name: FunctionName): Resource {
  const { Properties } = findFunction(template, name);
  return findResource(template, 'AWS::IAM::Role', Properties.Role['Fn::GetAtt'][0]);
}

/** @returns the environment variables of a function */
export function readVariables(template: Template, name: FunctionName): Readonly<Record<string, unknown>> {
  return findFunction(template, name).Properties.Environment?.Variables ?? {};
}

/** @returns the value of an output, or undefined if there is none */
export function readOutput(template: Template, id: string): unknown {
  return template.toJSON()['Outputs'][id]?.Value;
}

/** @returns the methods of the API by route, such as `GET /auth/login` */
export function readRoutes(template: Template): ReadonlyMap<string, Resource> {
  const readPath = ({ Ref: id }: { readonly Ref?: string }): string => {
    const resource = id && template.toJSON()['Resources'][id];
    return resource ? `${readPath(resource.Properties.ParentId)}/${resource.Properties.PathPart}` : '';
  };
  return new Map(
    listResources(template, 'AWS::ApiGateway::Method').map((method) => [
      `${method.Properties.HttpMethod} ${readPath(method.Properties.ResourceId)}`,
      method,
    ]),
  );
}

/** @returns the name of the function that a method of the API invokes, or undefined if it invokes none */
export function nameInvokedFunction(template: Template, { Properties }: Resource): string | undefined {
  const uri = JSON.stringify(Properties.Integration.Uri ?? '');
  return readFunctionName(
    listResources(template, 'AWS::Lambda::Function').find(({ id }) => uri.includes(`"${id}"`)),
  );
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

/** @returns the policy statements of a resource, without those about who may assume a role */
export function listStatements({ Properties }: Resource): readonly Statement[] {
  return [
    Properties?.PolicyDocument,
    Properties?.KeyPolicy,
    ...(Properties?.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument),
  ].flatMap((document) => document?.Statement ?? []);
}

/** @returns a string or list as a list */
export function toList<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}
