import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AccessControl } from '../iam/access-control.ts';
import type { CreatedResource, ResourceHandlers, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { buildFunctionEnvironment, type EndpointUrls } from './function-environment.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { LocalFunction } from './local-function.ts';

export interface FunctionResourcesOptions {
  readonly registry: FunctionRegistry;
  readonly endpoints: EndpointUrls;
  readonly access: AccessControl;
  /** @default the function's logical id, by which the embedded endpoints identify their callers */
  readonly accessKeyId?: string;
  /** Finds the bundle of an asset by the key under which it would be uploaded. */
  readonly assetPath: (objectKey: string) => string | undefined;
  /** Called with each line that a function writes. */
  readonly onLine: (logicalId: string, line: string) => void;
}

/** Worker threads use a lot of memory: further events wait for one of these. */
const maximumWorkers = 8;

/** Creates the template's functions, each of which starts with its first event. */
export function functionResourceHandlers(options: FunctionResourcesOptions): ResourceHandlers {
  return { 'AWS::Lambda::Function': (resource) => createFunction(resource, options) };
}

function createFunction(resource: ResourceRequest, options: FunctionResourcesOptions): CreatedResource {
  const { logicalId, properties, stack } = resource;
  properties.ignore('Architectures', 'Description');
  properties.oneOf('Runtime', ['nodejs24.x']);
  const handler = properties.string('Handler');
  const codeDirectory = findCode(properties.object('Code'), options.assetPath);
  // CloudFormation's names have up to 64 characters too, the last 12 of them random.
  const name = `${`${stack.name}-${logicalId}`.slice(0, 51)}-${randomBytes(6).toString('hex')}`;
  const arn = `arn:${stack.partition}:lambda:${stack.region}:${stack.accountId}:function:${name}`;
  const identity = {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: String(properties.number('MemorySize')),
    logGroupName: readLogGroup(properties.object('LoggingConfig')),
    logStreamName: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`,
  };
  const { endpoints, accessKeyId = logicalId } = options;
  const variables = properties.optionalObject('Environment')?.stringMap('Variables') ?? {};
  const { region } = stack;
  const created = new LocalFunction({
    logicalId,
    identity,
    ...findEntry(properties, handler, codeDirectory),
    environment: buildFunctionEnvironment({
      ...{ identity, handler, codeDirectory, region, endpoints, accessKeyId, variables },
    }),
    timeout: properties.number('Timeout') * 1000,
    maximumConcurrency: Math.min(
      properties.optionalNumber('ReservedConcurrentExecutions') ?? maximumWorkers,
      maximumWorkers,
    ),
    onLine: (line) => options.onLine(logicalId, line),
    onStart: () => options.access.openLog(logicalId, identity.logGroupName),
  });
  options.registry.add(created);
  options.access.assign(logicalId, properties.string('Role'));
  return { ref: name, attributes: { Arn: arn } };
}

/** The format of Lambda's own lines has no effect: there are none here. */
function readLogGroup(logging: PropertyReader): string {
  logging.ignore('LogFormat', 'SystemLogLevel');
  return logging.string('LogGroup');
}

function findCode(code: PropertyReader, assetPath: FunctionResourcesOptions['assetPath']): string {
  code.ignore('S3Bucket');
  const key = code.string('S3Key');
  return assetPath(key) ?? code.fail('S3Key', `${key} is not an asset of the assembly`);
}

function findEntry(properties: PropertyReader, handler: string, codeDirectory: string) {
  const [module, exportName = ''] = handler.split('.');
  const file = path.join(codeDirectory, `${module}.mjs`);
  if (!existsSync(file)) return properties.fail('Handler', `${handler}: the bundle has no ${module}.mjs`);
  return { moduleUrl: pathToFileURL(file).href, exportName };
}
