import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../lambdas/core/ports.ts';
import type { DeploymentConfig } from '../lib/config/deployment-config.ts';
import { readFunctionName } from '../lib/functions/function-name.ts';
import type { StandIn } from '../stand-in/index.ts';
import type { AnsweredRequest } from './api-gateway/api-gateway.ts';
import type { AwsCall } from './aws/aws-call.ts';
import type { AwsEndpoint } from './aws/aws-endpoint.ts';
import { createDynamoDbClient, localAccessKeyId } from './aws/clients.ts';
import { type LocalAws, startLocalAws } from './aws/local-aws.ts';
import type { Certificate } from './certificate.ts';
import { Cleanup } from './cleanup.ts';
import { openFrontDoor } from './front-door.ts';
import type { InvocationResult } from './functions/local-function.ts';
import type { AccessControl } from './iam/access-control.ts';
import type { KeyStore } from './kms/key-store.ts';
import { type RunningStack, startStack } from './stack.ts';
import { buildRegistration, startOneLogin, startOneLoginThread } from './stand-in.ts';
import { type Assembly, readAssembly } from './template/assembly.ts';
import { isJsonObject, type JsonObject } from './template/json.ts';
import { relocate } from './template/relocate.ts';
import { createStackIdentity } from './template/stack-identity.ts';

export interface LocalEnvironmentOptions extends Deployment {
  /** @default 0, any free port */
  readonly port?: number;
  /** The origin at which browsers reach the port, perhaps through something in front of it. @default that of localhost */
  readonly publicOrigin?: string;
  /** A certificate for the port, which the stand-in trusts. @default the port has no TLS */
  readonly certificate?: Certificate | undefined;
  /**
   * The origin of the developer's own service, such as `http://localhost:5000`, to which everything outside `/auth` is
   * forwarded. It may start later, and again. @default the example service of the config
   */
  readonly service?: string | undefined;
  /** The stand-in's port. @default 0, any free port */
  readonly oneLoginPort?: number;
  /** The stand-in's clock. @default the system's, which the functions always use */
  readonly oneLoginClock?: Clock;
  /** Starts no stand-in and uses the provider of the config. @default false */
  readonly externalProvider?: boolean;
  /** Use the DynamoDB at this URL. @default an embedded one */
  readonly dynamodbUrl?: string | undefined;
  /** Use the KMS at this URL. @default an embedded one */
  readonly kmsUrl?: string | undefined;
  /** Called with each line that a function writes, except copies in the audit trail. */
  readonly onLine?: (line: string) => void;
  /** Called with each request to which the API has responded. */
  readonly onAnswer?: (answered: AnsweredRequest) => void;
  /** Called with warnings for the developer. */
  readonly onWarning?: (warning: string) => void;
  /**
   * Whether to keep `logs`, `auditTrail` and `awsCalls`, which grow for as long as the environment lives. Without that, the
   * tables and keys have a thread of their own, and so does the stand-in: `standIn`, its clock, injected faults and
   * changes of keys are not there, and expired items are deleted.
   * @default true
   */
  readonly record?: boolean;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
}

/** What an environment runs. */
export interface Deployment {
  readonly config: DeploymentConfig;
  /** A cloud assembly synthesised from that config. Origins in it are replaced by those of the environment. */
  readonly assemblyDirectory: string;
}

/** A line that a function wrote. */
export interface LogLine {
  /** The function's logical id. */
  readonly functionId: string;
  readonly line: string;
}

/** A deployment that runs on this machine. */
export interface LocalEnvironment {
  /** The service's origin, such as `http://localhost:8080`. */
  readonly url: string;
  /** The outside URL up to and including `/auth`. */
  readonly publicUrl: string;
  /** The service's origin at `localhost`, whatever the origin that browsers use. */
  readonly localUrl: string;
  /** Where the stand-in is. Undefined with an external provider. */
  readonly standInUrl: string | undefined;
  /** Undefined with an external provider, and without `record`. */
  readonly standIn?: StandIn;
  readonly dynamodb: AwsEndpoint & {
    /** Table names by logical id. */
    readonly tables: ReadonlyMap<string, string>;
    /** All items of every table in DynamoDB's JSON, by logical id. */
    dump(): Promise<Record<string, readonly unknown[]>>;
  };
  readonly kms: AwsEndpoint & { readonly keys: KeyStore };
  /** The lines of the functions in their order, complete for each request that has its response. */
  readonly logs: readonly LogLine[];
  /** The lines that were copied into the audit trail, which takes a moment. */
  readonly auditTrail: readonly LogLine[];
  /** The functions' calls to AWS in their order. */
  readonly awsCalls: readonly AwsCall[];
  /** What the functions' roles allow, whether it was used, and what was refused. */
  readonly access: Pick<AccessControl, 'allowances' | 'denied'>;
  /** The template with the ports of this environment. */
  readonly template: JsonObject;
  readonly schedules: RunningStack['schedules'];
  /**
   * The logical id of a function.
   *
   * @param name such as `refresh-jwks`
   */
  functionId(name: string): string;
  /**
   * Invokes a function directly.
   *
   * @param reference the name, such as `refresh-jwks`, or the logical id
   */
  invoke(reference: string, event: unknown): Promise<InvocationResult>;
  /**
   * Replaces the deployment. Tables and keys stay, and with them sessions. Requests that have begun end as they would have.
   *
   * @throws StartError with the reason; then the deployment before it goes on
   */
  update(deployment: Deployment): Promise<void>;
  /** Ends everything, and leaves nothing behind. */
  close(): Promise<void>;
}

/**
 * Starts a deployment on this machine: DynamoDB and KMS, the stand-in for One Login, the template's resources and its
 * API.
 *
 * @throws StartError with the reason; then nothing is left running
 */
export async function startLocalEnvironment(options: LocalEnvironmentOptions): Promise<LocalEnvironment> {
  const cleanup = new Cleanup();
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: LocalEnvironmentOptions, cleanup: Cleanup): Promise<LocalEnvironment> {
  const { config, certificate, signal, record = true } = options;
  const logs: LogLine[] = [];
  const auditTrail: LogLine[] = [];
  const awsCalls: AwsCall[] = [];
  const { publicOrigin, service, onAnswer } = options;
  const frontDoor = await openFrontDoor(
    { port: options.port ?? 0, publicOrigin, certificate, service, onAnswer },
    cleanup,
  );
  const register = (registered: DeploymentConfig) => {
    const path = readAuthPath(registered);
    return buildRegistration(registered, `${frontDoor.url}${path}`, `${frontDoor.localUrl}${path}`);
  };
  const assembly = await readAssembly(options.assemblyDirectory);
  signal?.throwIfAborted();
  const oneLoginOptions = {
    port: options.oneLoginPort ?? 0,
    client: register(config),
    certificate: certificate?.cert,
    onWarning: options.onWarning,
  };
  const isHere = !options.externalProvider && record;
  const standIn = isHere
    ? await startOneLogin({ ...oneLoginOptions, clock: options.oneLoginClock })
    : undefined;
  const oneLogin = isHere || options.externalProvider ? standIn : await startOneLoginThread(oneLoginOptions);
  if (oneLogin) cleanup.add(() => oneLogin.close());
  const identity = createStackIdentity(assembly.stackName, assembly.region, assembly.accountId);
  const { dynamodbUrl, kmsUrl } = options;
  const aws = await startLocalAws({
    stack: identity,
    dynamodbUrl,
    kmsUrl,
    onCall: (call) => {
      if (record && call.caller !== localAccessKeyId) awsCalls.push(call);
      if (call.service !== 'dynamodb' && call.service !== 'kms') {
        options.onWarning?.(
          `${call.caller} called ${call.service} ${call.action}, which the local environment does not have`,
        );
      }
    },
    onRefusal: options.onWarning,
    ownThread: !record,
    cleanup,
  });
  signal?.throwIfAborted();
  const deploy = async ({ template, assetPath }: Assembly, deployed: DeploymentConfig) => {
    const { publicUrl: from, provider } = deployed;
    const ending = new Cleanup();
    try {
      const relocated = relocate(template, [
        ...(from === undefined ? [] : [{ from: new URL(from).origin, to: frontDoor.url }]),
        ...(oneLogin ? [{ from: new URL(provider.issuer).origin, to: new URL(oneLogin.url).origin }] : []),
      ]);
      const stack = await startStack({
        template: relocated,
        assetPath,
        stack: identity,
        aws,
        sharedAccessKey: dynamodbUrl !== undefined || kmsUrl !== undefined,
        reroute: { from: frontDoor.url, to: frontDoor.internalUrl },
        onLine: (functionId, line, isCopy) => {
          if (record) (isCopy ? auditTrail : logs).push({ functionId, line });
          if (!isCopy) options.onLine?.(line);
        },
        cleanup: ending,
      });
      return {
        stack,
        template: relocated,
        functionIds: readFunctionIds(relocated),
        authPath: readAuthPath(deployed),
        ending,
      };
    } catch (error) {
      await ending.run();
      throw error;
    }
  };
  let current = await deploy(assembly, config);
  cleanup.add(() => current.ending.run());
  signal?.throwIfAborted();
  await frontDoor.serve(current.stack.api, current.authPath);
  const functionId = (name: string) => {
    const { functionIds } = current;
    const id = functionIds.get(name);
    if (id !== undefined) return id;
    throw new Error(`there is no function ${name}; there are ${[...functionIds.keys()].join(', ')}`);
  };
  return {
    url: frontDoor.url,
    localUrl: frontDoor.localUrl,
    get publicUrl() {
      return `${frontDoor.url}${current.authPath}`;
    },
    standInUrl: oneLogin?.url,
    ...(standIn ? { standIn } : {}),
    dynamodb: describeDynamoDb(aws, identity.region),
    kms: { ...aws.kms, keys: aws.keys },
    logs,
    auditTrail,
    awsCalls,
    access: aws.access,
    get template() {
      return current.template;
    },
    get schedules() {
      return current.stack.schedules;
    },
    functionId,
    invoke: (reference, event) => {
      const { functions } = current.stack;
      const target = functions.find(reference) ?? functions.find(functionId(reference));
      if (!target) throw new Error(`the function ${reference} was not created`);
      return target.invoke(event);
    },
    update: async (deployment) => {
      const previous = current;
      current = await deploy(await readAssembly(deployment.assemblyDirectory), deployment.config);
      await oneLogin?.register(register(deployment.config));
      await frontDoor.serve(current.stack.api, current.authPath);
      await previous.ending.run();
    },
    close: () => cleanup.run(),
  };
}

/** The path of a deployment's routes on its host. */
function readAuthPath({ publicUrl }: DeploymentConfig): string {
  return publicUrl === undefined ? '/auth' : new URL(publicUrl).pathname;
}

function readFunctionIds({ Resources: resources = {} }: JsonObject): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(isJsonObject(resources) ? resources : {}).flatMap(([logicalId, resource]) => {
      const name = isJsonObject(resource) ? readFunctionName(resource) : undefined;
      return name === undefined ? [] : [[name, logicalId] as const];
    }),
  );
}

function describeDynamoDb({ dynamodb, tables }: LocalAws, region: string): LocalEnvironment['dynamodb'] {
  return {
    ...dynamodb,
    tables: tables.names,
    dump: async () => {
      const client = createDynamoDbClient(dynamodb.url, region);
      const dumps = [...tables.names].map(async ([logicalId, TableName]) => {
        const { Items: items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
        return [logicalId, items] as const;
      });
      try {
        return Object.fromEntries(await Promise.all(dumps));
      } finally {
        client.destroy();
      }
    },
  };
}
