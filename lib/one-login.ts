import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RestApi as Api } from 'aws-cdk-lib/aws-apigateway';
import type { CfnFunction, Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Aws, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { addGatewayResponses } from './api/gateway-responses.ts';
import { RestApi } from './api/rest-api.ts';
import { jwksPath, listRoutes, type Route } from './api/routes.ts';
import type { DeploymentConfig } from './config/deployment-config.ts';
import { buildStackName } from './config/stack-name.ts';
import { DataKey } from './data/data-key.ts';
import { Tables } from './data/tables.ts';
import type { Domain } from './edge/domain.ts';
import { Firewall } from './edge/firewall.ts';
import { OriginSecrets } from './edge/origin-secrets.ts';
import { ExampleService } from './example-service/example-service.ts';
import { setFeatureFlags } from './feature-flags.ts';
import { type AuthorizerLevel, Authorizers, buildAuthorizerId } from './functions/authorizers.ts';
import { writeBundles } from './functions/bundles.ts';
import { Functions, findBundle } from './functions/functions.ts';
import { OneLoginFunction } from './functions/one-login-function.ts';
import { ProviderDocumentRefresh } from './functions/provider-document-refresh.ts';
import { KeyRecord } from './keys/key-record.ts';
import { PublishedJwks } from './keys/published-jwks.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { UnexpectedSignatureMonitor } from './keys/unexpected-signature-monitor.ts';
import { Alarms } from './monitoring/alarms.ts';
import { AuditTrail } from './monitoring/audit-trail.ts';
import { Canary } from './monitoring/canary.ts';
import type { LogOptions } from './monitoring/log-group.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { acknowledgeNagFindings } from './nag-acknowledgements.ts';
import { buildConfig, type OneLoginProps } from './one-login-props.ts';
import { renderServiceAssets } from './pages/static-assets/session-timeout.ts';
import { pageAssets, renderAsset } from './pages/static-assets/static-asset.ts';
import { StaticAssets } from './pages/static-assets/static-assets.ts';

/** The URLs to register at One Login, by output: the path below `/auth`, and One Login's name for the URL. */
const urlsToRegister = {
  RedirectUri: { path: 'callback', name: 'redirect URI' },
  PostLogoutRedirectUri: { path: 'signed-out', name: 'post-logout redirect URI' },
  BackChannelLogoutUri: { path: 'backchannel-logout', name: 'back-channel logout URI' },
  JwksUrl: { path: jwksPath, name: 'JWKS URL' },
  LandingPageUrl: { path: 'in-person-return', name: 'landing page URL' },
} as const;

/**
 * Sign-in with GOV.UK One Login for one service: API, functions, keys, tables and monitoring.
 *
 * The outputs contain the URLs to register at One Login. One app, and one stack, can contain several of these constructs
 * with different names. With the id `Default` the logical ids are those of {@link OneLoginStack}.
 *
 * @throws ConfigError with all mistakes in the props
 */
export class OneLogin extends Construct {
  /** The outside URL of all routes, including `/auth`. */
  readonly publicUrl: string;
  /** The URL of our public keys, to register at One Login. */
  readonly jwksUrl: string;
  /** To register at One Login. */
  readonly redirectUri: string;
  /** To register at One Login. */
  readonly postLogoutRedirectUri: string;
  /** To register at One Login. */
  readonly backChannelLogoutUri: string;
  /** The REST API of the routes. Its only stage is `live`. */
  readonly api: Api;
  /** Level → Lambda authorizer, for the service's own APIs. See `SessionAuthorizer`. */
  readonly authorizers: ReadonlyMap<AuthorizerLevel, Lambda>;
  /** The alarms. You can add your own. */
  readonly alarms: Alarms;
  /** The log group with the audit trail. */
  readonly auditLogGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: OneLoginProps) {
    super(scope, id);
    setFeatureFlags(this);
    const config = buildConfig(props, this);
    const name = buildStackName(config);
    const routes = listRoutes(config);
    // Several constructs in one stack need several log groups.
    const suffix = id === 'Default' ? '' : `-${config.name}`;

    const { key: encryptionKey } = new DataKey(this, 'DataKey', {
      deployment: config.name,
      firewallLogGroup: `aws-waf-logs-${Aws.STACK_NAME}${suffix}`,
    });
    // The values of the enumeration are numbers of days.
    const logs: LogOptions = { encryptionKey, retention: config.logRetentionDays as RetentionDays };
    this.alarms = new Alarms(this, 'Alarms', {
      prefix: name,
      config: config.alarms,
      overrides: props.alarmOverrides,
    });
    const keys = new SigningKeys(this, 'SigningKeys', {
      deployment: config.name,
      keys: config.signingKeys,
      ...(config.environment === 'production' ? { deletionRoles: config.signingKeyDeletionRoles } : {}),
    });
    const tables = new Tables(this, 'Tables', { encryptionKey });
    const api = new RestApi(this, 'RestApi', {
      name,
      routes,
      otherRateLimit: config.throttling.others,
      logs,
      logRole: config.apiGatewayLogRole,
      defaultEndpoint: config.domain === undefined,
    });
    this.api = api.restApi;
    this.publicUrl = config.publicUrl ?? api.defaultPublicUrl;
    this.redirectUri = this.#buildUrl('RedirectUri');
    this.postLogoutRedirectUri = this.#buildUrl('PostLogoutRedirectUri');
    this.backChannelLogoutUri = this.#buildUrl('BackChannelLogoutUri');
    this.jwksUrl = this.#buildUrl('JwksUrl');

    const bundlesDirectory = mkdtempSync(join(tmpdir(), 'one-login-lambda-'));
    // The functions' constructs copy the bundles into the app's output.
    try {
      const bundles = props.bundles ?? writeBundles(config, bundlesDirectory);
      const functionsProps = { config, publicUrl: this.publicUrl, keys, tables, bundles, logs };
      const functions = new Functions(this, 'Functions', functionsProps);
      this.authorizers = new Authorizers(this, 'Authorizers', functionsProps).functions;
      // A deployment changes those that read sessions before the callback, which writes them.
      for (const reader of [
        functions.login,
        functions.userinfo,
        functions.logout,
        ...this.authorizers.values(),
      ])
        functions.callback.node.addDependency(reader.node.defaultChild as CfnFunction);
      this.auditLogGroup = new AuditTrail(this, 'AuditTrail', {
        deployment: config.name,
        bundle: findBundle('collect-audit', bundles),
        logs: { encryptionKey, retention: config.auditRetentionDays as RetentionDays },
        functions: this.#listFunctions(),
      }).logGroup;
      const parts: Parts = { config, name, routes, suffix, logs, keys, tables, api, functions };
      this.#addApiContent(parts);
      this.#addKeyRecords(parts);
      const canary = config.canary
        ? new Canary(this, 'Canary', { ...functionsProps, bundle: findBundle('canary', bundles) })
        : undefined;
      const front = this.#addFront(parts);
      this.#addMonitoring(parts, front, canary);
      if (config.exampleService) {
        new ExampleService(this, 'ExampleService', {
          config,
          publicUrl: this.publicUrl,
          bundle: findBundle('example-service', bundles),
          logs,
          api,
          authorizers: this.authorizers,
        });
      }
      this.#addOutputs(parts, front);
      acknowledgeNagFindings(this);
    } finally {
      rmSync(bundlesDirectory, { recursive: true });
    }
  }

  #buildUrl(output: keyof typeof urlsToRegister): string {
    return `${this.publicUrl}/${urlsToRegister[output].path}`;
  }

  /** @returns the functions that exist so far */
  #listFunctions(): readonly OneLoginFunction[] {
    return this.node.findAll().filter((construct) => construct instanceof OneLoginFunction);
  }

  #addApiContent({ config, api, functions, keys }: Parts): void {
    api.addRoutes(functions);
    addGatewayResponses(this.api, config, this.publicUrl);
    new PublishedJwks(this, 'PublishedJwks', {
      resource: api.ensureResource(jwksPath),
      keys: keys.published,
      otherKeys: config.publishedKeys,
      publishJwks: functions.publishJwks,
    });
    api.redeployWhenKeysChange(config.signingKeys);
    new StaticAssets(this, 'StaticAssets', {
      resource: api.ensureResource('assets'),
      files: [...pageAssets.map(renderAsset), ...renderServiceAssets(config)],
    });
  }

  #addKeyRecords({ config, api, functions: { login, callback }, keys }: Parts): void {
    new KeyRecord(this, 'KeyRecord', {
      deployment: config.name,
      keys: keys.all,
      signing: keys.signing,
      otherKids: config.publishedKeys.map(({ kid }) => kid),
      after: [api.stage, login, callback],
    });
    new UnexpectedSignatureMonitor(this, 'ForeignSignatures', {
      keys: keys.all,
      signers: [login, callback],
      alarms: this.alarms,
    });
  }

  #addMonitoring(
    { config, name, api, functions, tables }: Parts,
    { domain }: Front,
    canary: Canary | undefined,
  ): void {
    const documentRefresh = new ProviderDocumentRefresh(this, 'ProviderDocuments', {
      provider: config.provider,
      refreshJwks: functions.refreshJwks,
      refreshDid: functions.refreshDid,
    });
    new Monitoring(this, 'Monitoring', {
      deployment: config.name,
      name,
      api,
      tables,
      functions: this.#listFunctions(),
      authorizers: this.authorizers,
      documentRefresh,
      canary,
      certificateArn: domain?.certificateArn,
      alarms: this.alarms,
    });
    this.alarms.checkOverrides();
  }

  /** Adds the resources in front of the API: a domain, or the secrets for CloudFront, and a firewall. */
  #addFront({ config, routes, suffix, logs, api }: Parts): Front {
    const domain = config.domain && api.addDomain(config.domain);
    const origin =
      config.cloudFront &&
      new OriginSecrets(this, 'OriginSecrets', {
        deployment: config.name,
        names: config.cloudFront.originSecrets,
      });
    if (config.firewall !== undefined || origin !== undefined) {
      new Firewall(this, 'Firewall', {
        deployment: config.name,
        cookieName: config.cookieName ?? '',
        stage: api.stage,
        routes,
        firewall: config.firewall,
        originSecrets: origin && [...origin.secrets.values()],
        logs,
        logGroupName: `aws-waf-logs-${Stack.of(this).stackName}${suffix}`,
      });
    }
    return { domain, origin };
  }

  #addOutputs({ config, tables, api }: Parts, { domain, origin }: Front): void {
    const add = (id: string, description: string, value: string) =>
      new CfnOutput(this, id, { description, value });
    add('PublicUrl', 'The outside URL of all routes', this.publicUrl);
    for (const [id, { path, name }] of Object.entries(urlsToRegister)) {
      if (id === 'LandingPageUrl' && config.identity === undefined) continue;
      add(id, `To register at One Login: ${name}`, `${this.publicUrl}/${path}`);
    }
    for (const [level, { functionArn }] of this.authorizers) {
      add(`Authorizer${buildAuthorizerId(level)}`, `Lambda authorizer for ${level}`, functionArn);
    }
    add('SessionsTable', 'The table with the sessions', tables.sessions.tableName);
    add('AuditLogGroup', 'The log group with the audit trail', this.auditLogGroup.logGroupName);
    if (domain === undefined) {
      add('ApiUrl', "The API's own URL of the same routes", api.defaultPublicUrl);
    } else {
      const what =
        config.domain?.hostedZone === undefined
          ? 'Point a CNAME or alias record at this'
          : 'The records point at this';
      add('DomainTarget', `${what}: the target of the domain name`, domain.target);
    }
    for (const [name, { secretArn }] of origin?.secrets ?? []) {
      add(`OriginSecret${name}`, `The origin secret ${name}`, secretArn);
    }
  }
}

/** The config of a deployment and the constructs that others need. */
interface Parts {
  readonly config: DeploymentConfig;
  /** The stack's name. */
  readonly name: string;
  readonly routes: readonly Route[];
  /** The end of the names of log groups. */
  readonly suffix: string;
  readonly logs: LogOptions;
  readonly keys: SigningKeys;
  readonly tables: Tables;
  readonly api: RestApi;
  readonly functions: Functions;
}

interface Front {
  readonly domain: Domain | undefined;
  readonly origin: OriginSecrets | undefined;
}
