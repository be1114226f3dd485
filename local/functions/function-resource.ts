import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AccessControl } from '../iam/access-control.ts';
import type { CreatedResource, ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { type AwsEndpoints, functionEnvironment } from './function-environment.ts';
import type { FunctionRegistry } from './function-registry.ts';
import { LocalFunction } from './local-function.ts';
import type { FunctionIdentity } from './worker-messages.ts';

export interface FunctionResourcesOptions {
  readonly registry: FunctionRegistry;
  readonly endpoints: AwsEndpoints;
  readonly access: AccessControl;
  /** @default the function's logical id, by which the embedded endpoints tell the functions apart */
  readonly accessKeyId?: string;
  /** Finds the bundle of an asset by the key under which it would be uploaded. */
  readonly assetPath: (objectKey: string) => string | undefined;
  /** Told of each line that a function writes. */
  readonly onLine: (logicalId: string, line: string) => void;
}

const defaultTimeoutSeconds = 3;
const defaultMemory = 128;
/** Worker threads are dear: an event more than this waits for one of them. */
const maximumWorkers = 8;

/** Creates the template's functions, which start when they are first called. */
export function functionResourceHandlers(
  options: FunctionResourcesOptions,
): Readonly<Record<string, ResourceHandler>> {
  return {
    'AWS::Lambda::Function': (resource) => createFunction(resource, options),
    'AWS::Lambda::EventInvokeConfig': ({ logicalId, properties }) => {
      // Repeating what failed, and where it ends up: the next run of a local schedule is repetition enough.
      properties.ignore(
        'DestinationConfig',
        'FunctionName',
        'MaximumEventAgeInSeconds',
        'MaximumRetryAttempts',
        'Qualifier',
      );
      return { ref: logicalId };
    },
  };
}

function createFunction(resource: ResourceRequest, options: FunctionResourcesOptions): CreatedResource {
  const { logicalId, properties, stack } = resource;
  properties.ignore(
    'Architectures',
    'DeadLetterConfig',
    'Description',
    'KmsKeyArn',
    'RecursiveLoop',
    'RuntimeManagementConfig',
    'Tags',
    'TracingConfig',
  );
  properties.oneOf('Runtime', ['nodejs24.x']);
  properties.oneOf('PackageType', ['Zip'], 'Zip');
  const handler = properties.string('Handler');
  const codeDirectory = readCode(properties.object('Code'), options.assetPath);
  const name = properties.optionalString('FunctionName') ?? physicalName(stack.name, logicalId);
  const arn = `arn:${stack.partition}:lambda:${stack.region}:${stack.accountId}:function:${name}`;
  const memory = properties.optionalNumber('MemorySize') ?? defaultMemory;
  const identity = buildIdentity(name, arn, memory, readLogGroup(properties));
  const { endpoints, accessKeyId = logicalId } = options;
  const variables = properties.optionalObject('Environment')?.stringMap('Variables') ?? {};
  const { region } = stack;
  const created = new LocalFunction({
    logicalId,
    identity,
    ...findEntry(properties, handler, codeDirectory),
    environment: functionEnvironment({
      ...{ identity, handler, codeDirectory, region, endpoints, accessKeyId, variables },
    }),
    timeout: (properties.optionalNumber('Timeout') ?? defaultTimeoutSeconds) * 1000,
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

/** The format of what Lambda itself writes has no effect: it writes nothing here. */
function readLogGroup(properties: PropertyReader): string | undefined {
  const logging = properties.optionalObject('LoggingConfig');
  logging?.ignore('ApplicationLogLevel', 'LogFormat', 'SystemLogLevel');
  return logging?.optionalString('LogGroup');
}

function readCode(code: PropertyReader, assetPath: FunctionResourcesOptions['assetPath']): string {
  code.ignore('S3Bucket');
  const key = code.string('S3Key');
  return assetPath(key) ?? code.fail('S3Key', `${key} is no asset of the assembly`);
}

/** Lambda looks for the same files, in the same order. */
function findEntry(properties: PropertyReader, handler: string, codeDirectory: string) {
  const dot = handler.lastIndexOf('.');
  const candidates = ['.js', '.mjs', '.cjs'].map((extension) =>
    path.join(codeDirectory, `${handler.slice(0, dot)}${extension}`),
  );
  const file = candidates.find((candidate) => existsSync(candidate));
  if (file === undefined) return properties.fail('Handler', `${handler}: the bundle has no such file`);
  return { moduleUrl: pathToFileURL(file).href, exportName: handler.slice(dot + 1) };
}

function buildIdentity(
  functionName: string,
  invokedFunctionArn: string,
  memory: number,
  logGroupName = `/aws/lambda/${functionName}`,
): FunctionIdentity {
  const date = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn,
    memoryLimitInMB: String(memory),
    logGroupName,
    logStreamName: `${date}/[$LATEST]${randomBytes(16).toString('hex')}`,
  };
}

/** As CloudFormation names what has no name: of the 64 characters that there are, 12 are random. */
function physicalName(stackName: string, logicalId: string): string {
  const readable = `${stackName}-${logicalId}`.slice(0, 51);
  return `${readable}-${randomBytes(6).toString('hex')}`;
}
