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
  /** @default false */
  readonly omitPlatformLines?: true;
}

/** A person is waiting, or One Login for at most 15 seconds. CPU is in proportion to memory. */
const interactive = { timeout: Duration.seconds(10), memory: 1024 } as const;
/** Two calls to One Login, one after the other. The request's budget ends two seconds before the timeout. */
const interactiveWithProvider = { timeout: Duration.seconds(15), memory: 1024 } as const;
/** A custom resource may wait most of a minute until a new permission takes effect. */
const background = { timeout: Duration.seconds(90), memory: 256 } as const;

/**
 * Anyone can post to back-channel logout. This limits how much of the account's concurrency many requests can use.
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
    const definitions = defineFunctions(props);

    this.login = create('login', definitions.login);
    this.callback = create('callback', definitions.callback);
    this.userinfo = create('userinfo', definitions.userinfo);
    this.logout = create('logout', definitions.logout);
    this.backchannelLogout = create('backchannel-logout', definitions.backchannelLogout);
    this.refreshJwks = create('refresh-jwks', definitions.refreshJwks);
    this.refreshDid = props.config.identity && create('refresh-did', definitions.refreshDid);
    this.publishJwks = create('publish-jwks', definitions.publishJwks);
    if (props.config.reservedConcurrency.backchannelLogout === undefined) {
      const { functionArn, functionName } = this.backchannelLogout;
      const reserve = create('reserve-concurrency', {
        ...background,
        description: 'Reserves concurrency for back-channel logout, where the account allows it',
        environment: [],
        permissions: [allowActions(['lambda:PutFunctionConcurrency'], [functionArn])],
      });
      new CustomResource(this, 'BackchannelLogoutConcurrency', {
        resourceType: 'Custom::ReservedConcurrency',
        serviceToken: reserve.functionArn,
        serviceTimeout: Duration.minutes(2),
        properties: { FunctionName: functionName, Reserved: defaultBackchannelLogoutConcurrency },
      });
    }
  }
}

function defineFunctions({ config: { reservedConcurrency }, keys, tables }: FunctionsProps) {
  const attempts = [tables.loginAttempts.tableArn];
  const sessions = [tables.sessions.tableArn];
  const documents = [tables.providerDocuments.tableArn];
  const publishedKeys = keys.published.map(({ key }) => key.keyArn);
  // With all published keys, so that a switch to the next key needs no new permission.
  const sign = allowActions(['kms:Sign'], publishedKeys, { StringEquals: signConditions });
  return {
    login: {
      ...interactive,
      reservedConcurrency: reservedConcurrency.login,
      description: 'GET /auth/login and others: redirects to GOV.UK One Login',
      environment: loginVariables,
      signs: true,
      permissions: [
        tables.allowDecrypt(),
        sign,
        allowActions(['dynamodb:GetItem', 'dynamodb:PutItem'], attempts),
        allowActions(['dynamodb:GetItem'], sessions),
        allowActions(['dynamodb:Query'], documents),
      ],
    },
    callback: {
      ...interactiveWithProvider,
      reservedConcurrency: reservedConcurrency.callback,
      description: 'GET /auth/callback: the redirect URI, finishes authentication',
      environment: callbackVariables,
      signs: true,
      permissions: [
        tables.allowDecrypt(),
        sign,
        allowActions(['dynamodb:GetItem', 'dynamodb:UpdateItem'], attempts),
        allowActions(
          [
            'dynamodb:GetItem',
            'dynamodb:BatchGetItem',
            'dynamodb:PutItem',
            'dynamodb:UpdateItem',
            'dynamodb:DeleteItem',
          ],
          sessions,
        ),
        allowActions(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], documents),
      ],
    },
    userinfo: {
      ...interactive,
      reservedConcurrency: reservedConcurrency.userinfo,
      description: 'GET /auth/userinfo: returns who is signed in',
      environment: userinfoVariables,
      // Most invocations are its own. Without Lambda's lines about those that succeed, its log is half as long.
      omitPlatformLines: true,
      permissions: [
        tables.allowDecrypt(),
        allowActions(['dynamodb:GetItem', 'dynamodb:UpdateItem'], sessions),
      ],
    },
    logout: {
      ...interactive,
      reservedConcurrency: reservedConcurrency.logout,
      description: 'GET and POST /auth/logout, GET /auth/signed-out: ends the session',
      environment: logoutVariables,
      permissions: [
        tables.allowDecrypt(),
        allowActions(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], sessions),
        allowActions(['dynamodb:Query'], documents),
      ],
    },
    backchannelLogout: {
      ...interactive,
      reservedConcurrency: reservedConcurrency.backchannelLogout,
      description:
        "POST /auth/backchannel-logout: ends a user's sessions when One Login sends a logout token",
      environment: backchannelLogoutVariables,
      permissions: [
        tables.allowDecrypt(),
        allowActions(['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:BatchWriteItem'], sessions),
        allowActions(['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], documents),
      ],
    },
    refreshJwks: {
      ...background,
      description: 'Fetches the discovery document and the keys of GOV.UK One Login',
      environment: refreshJwksVariables,
      permissions: [tables.allowDecrypt(), allowActions(['dynamodb:Query', 'dynamodb:PutItem'], documents)],
    },
    refreshDid: {
      ...background,
      description: 'Fetches the DID document of GOV.UK One Login',
      environment: refreshDidVariables,
      permissions: [tables.allowDecrypt(), allowActions(['dynamodb:Query', 'dynamodb:PutItem'], documents)],
    },
    publishJwks: {
      ...background,
      description: 'Reads public keys for the JWKS when the stack is deployed',
      environment: [],
      permissions: [allowActions(['kms:GetPublicKey'], publishedKeys)],
    },
  } as const satisfies Readonly<Record<string, FunctionDefinition>>;
}

/** @returns the directory with the function's bundle */
export function findBundle(name: string, bundles: FunctionsProps['bundles']): string {
  const directory = bundles.get(name);
  if (directory === undefined) throw new Error(`There is no bundle for the function ${name}`);
  return directory;
}
