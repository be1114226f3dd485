import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { variables as backchannelLogoutVariables } from '../../lambdas/backchannel-logout/environment.ts';
import { variables as callbackVariables } from '../../lambdas/callback/environment.ts';
import { variables as loginVariables } from '../../lambdas/login/environment.ts';
import { variables as logoutVariables } from '../../lambdas/logout/environment.ts';
import { variables as refreshDidVariables } from '../../lambdas/refresh-did/environment.ts';
import { variables as refreshJwksVariables } from '../../lambdas/refresh-jwks/environment.ts';
import { variables as userinfoVariables } from '../../lambdas/userinfo/environment.ts';
import { signConditions } from '../keys/signing-key-policy.ts';
import type { LogOptions } from '../monitoring/log-group.ts';
import {
  type CommonVariable,
  type FunctionEnvironmentProps,
  functionEnvironment,
} from './function-environment.ts';
import { allow, LambdaFunction } from './lambda-function.ts';

export interface FunctionsProps extends FunctionEnvironmentProps {
  /** Function name → directory with its bundle. */
  readonly bundles: ReadonlyMap<string, string>;
  readonly logs: LogOptions;
}

/** What one function differs in from the others. */
interface FunctionDefinition {
  readonly description: string;
  /** What its composition root reads. */
  readonly environment: readonly CommonVariable[];
  /** What its code does. */
  readonly permissions: readonly PolicyStatement[];
  /** Whether the signing keys' policies let it sign. @default false */
  readonly signs?: true;
  readonly timeout: Duration;
  readonly memory: number;
  /** @default none of its own */
  readonly reservedConcurrency?: number | undefined;
}

/** CPU comes with memory, and a person is waiting, or One Login, for 15 seconds at most. */
const interactive = { timeout: Duration.seconds(10), memory: 1024 } as const;
/** Two calls to One Login, one after the other. Two seconds before the end the request's time is over. */
const interactiveWithProvider = { timeout: Duration.seconds(15), memory: 1024 } as const;
/** A new permission may take most of a minute until it is in force, and a custom resource waits for it. */
const background = { timeout: Duration.seconds(90), memory: 256 } as const;

/**
 * Anybody may post to back-channel logout. A flood of it takes so much of what the account's functions share, and no more;
 * One Login's own notifications take a tenth of a second each.
 */
const defaultBackchannelLogoutConcurrency = 20;

/** Every function of the deployment, each with the variables and permissions that its code uses and no others. */
export class Functions extends Construct {
  readonly login: Lambda;
  readonly callback: Lambda;
  readonly userinfo: Lambda;
  readonly logout: Lambda;
  readonly backchannelLogout: Lambda;
  readonly refreshJwks: Lambda;
  /** Undefined when no identities are proved: nobody needs the document then. */
  readonly refreshDid: Lambda | undefined;
  readonly publishJwks: Lambda;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const values = functionEnvironment(props);
    const create = (name: string, { environment, signs, ...definition }: FunctionDefinition): Lambda =>
      new LambdaFunction(this, name, {
        ...definition,
        ...(signs ? { rolePath: props.keys.rolePath } : {}),
        bundle: findBundle(name, props.bundles),
        environment: Object.fromEntries(environment.map((variable) => [variable, values[variable]])),
        logs: props.logs,
      }).function;

    this.login = create('login', login(props));
    this.callback = create('callback', callback(props));
    this.userinfo = create('userinfo', userinfo(props));
    this.logout = create('logout', logout(props));
    this.backchannelLogout = create('backchannel-logout', backchannelLogout(props));
    this.refreshJwks = create('refresh-jwks', refreshJwks(props));
    this.refreshDid = props.config.identity && create('refresh-did', refreshDid(props));
    this.publishJwks = create('publish-jwks', publishJwks(props));
    if (props.config.reservedConcurrency.backchannelLogout === undefined) {
      const { backchannelLogout: limited } = this;
      const reserve = create('reserve-concurrency', reserveConcurrency(limited));
      new CustomResource(this, 'BackchannelLogoutConcurrency', {
        resourceType: 'Custom::ReservedConcurrency',
        serviceToken: reserve.functionArn,
        serviceTimeout: Duration.minutes(2),
        properties: { FunctionName: limited.functionName, Reserved: defaultBackchannelLogoutConcurrency },
      });
    }
  }
}

function login({ config, keys, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.login,
    description: 'GET /auth/login and others: leads to GOV.UK One Login',
    environment: loginVariables,
    signs: true,
    permissions: [
      tables.allowDecrypt(),
      sign(keys),
      allow(['dynamodb:PutItem'], [tables.loginAttempts.tableArn]),
      allow(['dynamodb:GetItem'], [tables.sessions.tableArn]),
      allow(['dynamodb:Query'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function callback({ config, keys, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactiveWithProvider,
    reservedConcurrency: config.reservedConcurrency.callback,
    description: 'GET /auth/callback: the redirect URI, finishes authentication',
    environment: callbackVariables,
    signs: true,
    permissions: [
      tables.allowDecrypt(),
      sign(keys),
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [tables.loginAttempts.tableArn]),
      allow(
        [
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
        [tables.sessions.tableArn],
      ),
      allow(
        ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [tables.providerDocuments.tableArn],
      ),
    ],
  };
}

function userinfo({ config, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.userinfo,
    description: 'GET /auth/userinfo: says who is signed in',
    environment: userinfoVariables,
    permissions: [
      tables.allowDecrypt(),
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [tables.sessions.tableArn]),
    ],
  };
}

function logout({ config, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.logout,
    description: 'GET and POST /auth/logout, GET /auth/signed-out: ends the session',
    environment: logoutVariables,
    permissions: [
      tables.allowDecrypt(),
      allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], [tables.sessions.tableArn]),
      allow(['dynamodb:Query'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function backchannelLogout({ config, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.backchannelLogout,
    description: "POST /auth/backchannel-logout: ends a user's sessions on One Login's word",
    environment: backchannelLogoutVariables,
    permissions: [
      tables.allowDecrypt(),
      allow(['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:BatchWriteItem'], [tables.sessions.tableArn]),
      allow(
        ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [tables.providerDocuments.tableArn],
      ),
    ],
  };
}

function refreshJwks({ tables }: FunctionsProps): FunctionDefinition {
  return {
    ...background,
    description: 'Fetches the discovery document and the keys of GOV.UK One Login',
    environment: refreshJwksVariables,
    permissions: [
      tables.allowDecrypt(),
      allow(['dynamodb:Query', 'dynamodb:PutItem'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function refreshDid({ tables }: FunctionsProps): FunctionDefinition {
  return {
    ...background,
    description: 'Fetches the DID document of GOV.UK One Login',
    environment: refreshDidVariables,
    permissions: [
      tables.allowDecrypt(),
      allow(['dynamodb:Query', 'dynamodb:PutItem'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function publishJwks({ keys }: FunctionsProps): FunctionDefinition {
  return {
    ...background,
    description: 'Reads public keys for the JWKS when the stack is deployed',
    environment: [],
    permissions: [
      allow(
        ['kms:GetPublicKey'],
        keys.published.map(({ key }) => key.keyArn),
      ),
    ],
  };
}

function reserveConcurrency(limited: Lambda): FunctionDefinition {
  return {
    ...background,
    description: 'Reserves concurrency for back-channel logout, where the account allows it',
    environment: [],
    permissions: [allow(['lambda:PutFunctionConcurrency'], [limited.functionArn])],
  };
}

/** With any published key, so that a switch to the next one waits for no permission to become known. */
function sign(keys: FunctionsProps['keys']): PolicyStatement {
  return allow(
    ['kms:Sign'],
    keys.published.map(({ key }) => key.keyArn),
    { StringEquals: signConditions },
  );
}

/** @returns the directory with the function's bundle */
export function findBundle(name: string, bundles: FunctionsProps['bundles']): string {
  const directory = bundles.get(name);
  if (directory === undefined) throw new Error(`there is no bundle of the function ${name}`);
  return directory;
}
