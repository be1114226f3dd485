/**
 * A process with everything that the functions call: DynamoDB and KMS as embedded in the local environment, and One Login's
 * stand-in, each behind a proxy with TLS and delays. The functions themselves run elsewhere.
 *
 * Needs `NODE_EXTRA_CA_CERTS`, so that the deployment can fetch One Login's documents.
 */

import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { createDynamoDbClient } from '../../local/aws/clients.ts';
import { Cleanup } from '../../local/cleanup.ts';
import { type LocalEnvironment, startLocalEnvironment } from '../../local/environment.ts';
import { loadLocalConfig, moveToThisMachine } from '../../local/local-config.ts';
import { buildRegistration } from '../../local/stand-in.ts';
import { synthesise } from '../../local/synthesis/synthesise.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { resolveIntrinsics } from '../../local/template/intrinsics.ts';
import { isJsonObject, type JsonObject } from '../../local/template/json.ts';
import { plainPerson, type StandIn, startStandIn } from '../../stand-in/index.ts';
import { chooseAtStandIn } from '../../test/support/service.ts';
import { WebBrowser } from '../../test/support/web-browser.ts';
import { startDelayingProxy } from './delaying-proxy.ts';
import {
  type DeployedFunction,
  delays,
  type GroundBehaviour,
  type GroundDescription,
  type GroundMethods,
  referenceTable,
  type ServiceCall,
} from './messages.ts';

type Handlers = {
  readonly [Method in keyof GroundMethods]: (
    argument: Parameters<GroundMethods[Method]>[0],
  ) => ReturnType<GroundMethods[Method]> | Promise<ReturnType<GroundMethods[Method]>>;
};

const region = 'eu-west-2';
const cleanup = new Cleanup();
let calls: ServiceCall[] = [];
let behaviour: GroundBehaviour = { delayed: false, closing: false };
/** The stand-in, and where it is without TLS and delays. */
let oneLogin: { readonly standIn: StandIn; readonly url: string } | undefined;

const handlers: Handlers = {
  start,
  behave: (chosen) => {
    behaviour = chosen;
    return null;
  },
  authorize: async ({ url, person }) => {
    findPerson(person);
    const browser = new WebBrowser();
    const options = { stopBefore: '/auth/callback' };
    const { pathname, search } = new URL(url);
    const page = await browser.open(`${running().url}${pathname}${search}`, options);
    const { next } = page.next ? page : await chooseAtStandIn(browser, page, { person }, options.stopBefore);
    if (next === undefined)
      throw new Error(`One Login does not redirect: ${page.status} ${page.body.slice(0, 500)}`);
    return next.href;
  },
  mintLogoutToken: async (person) =>
    (await running().standIn.mintLogoutToken({ sub: findPerson(person).sub })).token,
  takeCalls: () => {
    const taken = calls;
    calls = [];
    return taken;
  },
};

process.on(
  'message',
  async ({ id, method, argument }: { id: number; method: keyof Handlers; argument: never }) => {
    try {
      process.send?.({ id, result: await handlers[method](argument) });
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
    }
  },
);
// However the bench ends, nothing is left behind. Ctrl+C reaches this process as well.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => void cleanup.run().finally(() => process.exit()));

async function start({
  certificateFile,
  keyFile,
  directory,
}: Parameters<GroundMethods['start']>[0]): Promise<GroundDescription> {
  cleanup.add(() => rmSync(directory, { recursive: true, force: true }));
  const certificate = { cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  let environment: LocalEnvironment | undefined;
  const found = () => {
    if (environment === undefined) throw new Error('the environment has not started');
    return environment;
  };
  const call = (name: string, caller: string | undefined, delay: number, close = false) => {
    calls.push({ name, caller });
    return { delay: behaviour.delayed ? delay : 0, close };
  };
  const aws = (delay: number) => (request: { headers: Record<string, unknown> }) => {
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const caller = /Credential=([^/,]+)\//.exec(String(request.headers['authorization']))?.[1];
    return call(action, caller, delay);
  };
  const oneLoginProxy = await startDelayingProxy(
    () => running().url,
    certificate,
    ({ url = '/' }) => {
      const path = url.replace(/\?.*$/, '');
      const delay = path === '/token' ? delays.token : path === '/userinfo' ? delays.userinfo : 0;
      return call(path, undefined, delay, behaviour.closing && path === '/userinfo');
    },
  );
  const dynamodbProxy = await startDelayingProxy(
    () => found().dynamodb.url,
    certificate,
    aws(delays.dynamodb),
  );
  const kmsProxy = await startDelayingProxy(() => found().kms.url, certificate, aws(delays.sign));
  for (const proxy of [oneLoginProxy, dynamodbProxy, kmsProxy]) cleanup.add(() => proxy.close());
  const urls = {
    oneLogin: `https://localhost:${oneLoginProxy.port}`,
    dynamodb: `https://localhost:${dynamodbProxy.port}`,
    kms: `https://localhost:${kmsProxy.port}`,
  };
  const port = await findFreePort();
  const config = configure(`http://localhost:${port}`, urls.oneLogin);
  const oneLoginPort = await findFreePort();
  const standIn = await startStandIn({
    port: oneLoginPort,
    publicOrigin: urls.oneLogin,
    client: buildRegistration(config, String(config.publicUrl)),
  });
  cleanup.add(() => standIn.close());
  oneLogin = { standIn, url: `http://localhost:${oneLoginPort}` };
  const assemblyDirectory = join(directory, 'assembly');
  await synthesise({ config, directory: assemblyDirectory });
  environment = await startLocalEnvironment({
    config,
    assemblyDirectory,
    port,
    externalProvider: true,
    record: false,
  });
  cleanup.add(() => found().close());
  await createReferenceTable(environment.dynamodb.url);
  const [key] = environment.kms.keys.keys.filter(({ spec }) => spec === 'RSA_2048');
  if (key?.pair === undefined) throw new Error('there is no key that signs');
  const functions = await describeFunctions(environment, assemblyDirectory, key.id, {
    urls,
    certificateFile,
  });
  return {
    functions,
    publicUrl: environment.publicUrl,
    urls,
    client: {
      id: config.clientId,
      privateKey: key.pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      kid: key.id,
    },
  };
}

function running() {
  if (oneLogin === undefined) throw new Error('the stand-in has not started');
  return oneLogin;
}

/** Adds the person who is not there. */
function findPerson(id: string) {
  const { standIn } = running();
  const found = standIn.people.find((person) => person.id === id) ?? plainPerson(id, id);
  standIn.addPerson(found);
  return found;
}

/** `config/local.json` here, with One Login behind TLS. */
function configure(origin: string, oneLogin: string): DeploymentConfig {
  const host = new URL(oneLogin).host;
  const provider = {
    issuer: `${oneLogin}/`,
    discoveryUrl: `${oneLogin}/.well-known/openid-configuration`,
    coreIdentityIssuer: `${oneLogin}/`,
    didUrl: `${oneLogin}/.well-known/did.json`,
    didId: `did:web:${encodeURIComponent(host)}`,
  };
  return moveToThisMachine(loadLocalConfig(), origin, provider);
}

async function createReferenceTable(url: string): Promise<void> {
  const client = createDynamoDbClient(url, region);
  await client.send(
    new CreateTableCommand({
      TableName: referenceTable,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  client.destroy();
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function describeFunctions(
  environment: LocalEnvironment,
  assemblyDirectory: string,
  signingKeyId: string,
  { urls, certificateFile }: { urls: GroundDescription['urls']; certificateFile: string },
): Promise<readonly DeployedFunction[]> {
  const { assetPath } = await readAssembly(assemblyDirectory);
  const resources = environment.template['Resources'];
  const functions = Object.entries(isJsonObject(resources) ? resources : {}).flatMap(
    ([logicalId, resource]) => {
      if (!isJsonObject(resource) || resource['Type'] !== 'AWS::Lambda::Function') return [];
      // An authorizer has the name of its level. The first one stands for all, which are the same bundle.
      const name = logicalId.startsWith('Authorizers') ? 'authorizer' : readFunctionName(resource);
      return name === undefined ? [] : [{ logicalId, name, resource }];
    },
  );
  return functions.map(({ logicalId, name, resource }) => {
    const {
      Environment = {},
      Handler,
      Code,
    } = resolveIntrinsics(
      resource['Properties'] ?? {},
      {
        // The only keys and tables: those of the deployment.
        reference: (id) => environment.dynamodb.tables.get(id) ?? signingKeyId,
        attribute: (id) => id,
      },
      { logicalId, property: '' },
    ) as JsonObject;
    const [module, exportName = ''] = String(Handler).split('.');
    const directory = assetPath(String(Object(Code)['S3Key']));
    return {
      name,
      logicalId,
      file: join(String(directory), `${module}.mjs`),
      exportName,
      environment: {
        ...Object(Object(Environment)['Variables']),
        ...describeRuntime(logicalId, urls),
        NODE_EXTRA_CA_CERTS: certificateFile,
      },
    };
  });
}

/** What Lambda puts into the environment, with the endpoints of AWS here. */
function describeRuntime(logicalId: string, { dynamodb, kms }: GroundDescription['urls']) {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: logicalId,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ACCESS_KEY_ID: logicalId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_KMS: kms,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
