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
  buildFunctionEnvironment,
  type CommonVariable,
  type FunctionEnvironmentProps,
} from './function-environment.ts';
import { allowActions, OneLoginFunction } from './one-login-function.ts';

export interface FunctionsProps extends FunctionEnvironmentProps {
  /** Function name → directory with its bundle. */
  readonly bundles: ReadonlyMap<string, string>;
  readonly logs: LogOptions;
}

/** The differences between the functions. */
interface FunctionDefinition {
  readonly description: string;
  /** The variables that its composition root reads. */
  readonly environment: readonly CommonVariable[];
  /** The permissions that its code needs. */
  readonly permissions: readonly PolicyStatement[];
  /** Whether the signing keys' policies allow it to sign. @default false */
  readonly signs?: true;
  readonly timeout: Duration;
  readonly memory: number;
  /** @default none of its own */
  readonly reservedConcurrency?: number | undefined;
}

/** A person is waiting, or One Login for at most 15 seconds. CPU is in proportion to memory. */
const interactive = { timeout: Duration.seconds(10), memory: 1024 } as const;
/** Two calls to One Login, one after the other. The request's budget ends two seconds before the timeout. */
const interactiveWithProvider = { timeout: Duration.seconds(15), memory: 1024 } as const;
/** A custom resource may wait most of a minute until a new permission takes effect. */
const background = { timeout: Duration.seconds(90), memory: 256 } as const;

/**
 * Anybody can post to back-channel logout. This limits how much of the account's concurrency a flood of requests can use.
 * One Login's own notifications take a tenth of a second each.
 */
const defaultBackchannelLogoutConcurrency = 20;

/** The functions of the deployment. Each has only the variables and permissions that its code uses. */
export class Functions extends Construct {
  readonly login: Lambda;
  readonly callback: Lambda;
  readonly userinfo: Lambda;
  readonly logout: Lambda;
  readonly backchannelLogout: Lambda;
  readonly refreshJwks: Lambda;
  /** Undefined when the service proves no identities. */
  readonly refreshDid: Lambda | undefined;
  readonly publishJwks: Lambda;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const values = buildFunctionEnvironment(props);
    const create = (name: string, { environment, signs, ...definition }: FunctionDefinition): Lambda =>
      new OneLoginFunction(this, name, {
        ...definition,
        ...(signs ? { rolePath: props.keys.rolePath } : {}),
        bundle: findBundle(name, props.bundles),
        environment: Object.fromEntries(environment.map((variable) => [variable, values[variable]])),
        logs: props.logs,
      }).function;

    this.login = create('login', defineLogin(props));
    this.callback = create('callback', defineCallback(props));
    this.userinfo = create('userinfo', defineUserinfo(props));
    this.logout = create('logout', defineLogout(props));
    this.backchannelLogout = create('backchannel-logout', defineBackchannelLogout(props));
    this.refreshJwks = create('refresh-jwks', defineRefreshJwks(props));
    this.refreshDid = props.config.identity && create('refresh-did', defineRefreshDid(props));
    this.publishJwks = create('publish-jwks', definePublishJwks(props));
    if (props.config.reservedConcurrency.backchannelLogout === undefined) {
      const { backchannelLogout: limited } = this;
      const reserve = create('reserve-concurrency', defineReserveConcurrency(limited));
      new CustomResource(this, 'BackchannelLogoutConcurrency', {
        resourceType: 'Custom::ReservedConcurrency',
        serviceToken: reserve.functionArn,
        serviceTimeout: Duration.minutes(2),
        properties: { FunctionName: limited.functionName, Reserved: defaultBackchannelLogoutConcurrency },
      });
    }
  }
}

function defineLogin({ config, keys, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.login,
    description: 'GET /auth/login and others: redirects to GOV.UK One Login',
    environment: loginVariables,
    signs: true,
    permissions: [
      tables.allowDecrypt(),
      allowSigning(keys),
      allowActions(['dynamodb:PutItem'], [tables.loginAttempts.tableArn]),
      allowActions(['dynamodb:GetItem'], [tables.sessions.tableArn]),
      allowActions(['dynamodb:Query'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function defineCallback({ config, keys, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactiveWithProvider,
    reservedConcurrency: config.reservedConcurrency.callback,
    description: 'GET /auth/callback: the redirect URI, finishes authentication',
    environment: callbackVariables,
    signs: true,
    permissions: [
      tables.allowDecrypt(),
      allowSigning(keys),
      allowActions(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [tables.loginAttempts.tableArn]),
      allowActions(
        [
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
        ],
        [tables.sessions.tableArn],
      ),
      allowActions(
        ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [tables.providerDocuments.tableArn],
      ),
    ],
  };
}

function defineUserinfo({ config, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.userinfo,
    description: 'GET /auth/userinfo: returns who is signed in',
    environment: userinfoVariables,
    permissions: [
      tables.allowDecrypt(),
      allowActions(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [tables.sessions.tableArn]),
    ],
  };
}

function defineLogout({ config, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.logout,
    description: 'GET and POST /auth/logout, GET /auth/signed-out: ends the session',
    environment: logoutVariables,
    permissions: [
      tables.allowDecrypt(),
      allowActions(
        ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
        [tables.sessions.tableArn],
      ),
      allowActions(['dynamodb:Query'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function defineBackchannelLogout({ config, tables }: FunctionsProps): FunctionDefinition {
  return {
    ...interactive,
    reservedConcurrency: config.reservedConcurrency.backchannelLogout,
    description: "POST /auth/backchannel-logout: ends a user's sessions when One Login sends a logout token",
    environment: backchannelLogoutVariables,
    permissions: [
      tables.allowDecrypt(),
      allowActions(
        ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:BatchWriteItem'],
        [tables.sessions.tableArn],
      ),
      allowActions(
        ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        [tables.providerDocuments.tableArn],
      ),
    ],
  };
}

function defineRefreshJwks({ tables }: FunctionsProps): FunctionDefinition {
  return {
    ...background,
    description: 'Fetches the discovery document and the keys of GOV.UK One Login',
    environment: refreshJwksVariables,
    permissions: [
      tables.allowDecrypt(),
      allowActions(['dynamodb:Query', 'dynamodb:PutItem'], [tables.providerDocuments.tableArn]),
    ],
  };
}

function defineRefreshDid(props: FunctionsProps): FunctionDefinition {
  return {
    ...defineRefreshJwks(props),
    description: 'Fetches the DID document of GOV.UK One Login',
    environment: refreshDidVariables,
  };
}

function definePublishJwks({ keys }: FunctionsProps): FunctionDefinition {
  return {
    ...background,
    description: 'Reads public keys for the JWKS when the stack is deployed',
    environment: [],
    permissions: [
      allowActions(
        ['kms:GetPublicKey'],
        keys.published.map(({ key }) => key.keyArn),
      ),
    ],
  };
}

function defineReserveConcurrency(limited: Lambda): FunctionDefinition {
  return {
    ...background,
    description: 'Reserves concurrency for back-channel logout, where the account allows it',
    environment: [],
    permissions: [allowActions(['lambda:PutFunctionConcurrency'], [limited.functionArn])],
  };
}

/** Allows signing with all published keys, so that a switch to the next key needs no new permission. */
function allowSigning(keys: FunctionsProps['keys']): PolicyStatement {
  return allowActions(
    ['kms:Sign'],
    keys.published.map(({ key }) => key.keyArn),
    { StringEquals: signConditions },
  );
}

/** @returns the directory with the function's bundle */
export function findBundle(name: string, bundles: FunctionsProps['bundles']): string {
  const directory = bundles.get(name);
  if (directory === undefined) throw new Error(`There is no bundle for the function ${name}`);
  return directory;
}
