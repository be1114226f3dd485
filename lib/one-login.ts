import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RestApi as Api } from 'aws-cdk-lib/aws-apigateway';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Aws, CfnOutput, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { jwksPath, RestApi } from './api/rest-api.ts';
import { listRoutes } from './api/routes.ts';
import type { DeploymentConfig } from './config/deployment-config.ts';
import { buildStackName } from './config/stack-name.ts';
import { DataKey } from './data/data-key.ts';
import { Tables } from './data/tables.ts';
import type { Domain } from './edge/domain.ts';
import { Firewall } from './edge/firewall.ts';
import { OriginSecrets } from './edge/origin-secrets.ts';
import { ExampleService } from './example-service/example-service.ts';
import { setFeatureFlags } from './feature-flags.ts';
import { Authorizers, buildAuthorizerId, type Level } from './functions/authorizers.ts';
import { bundleFunctions } from './functions/bundling/bundle-functions.ts';
import { Functions, type FunctionsProps, findBundle } from './functions/functions.ts';
import { LambdaFunction } from './functions/lambda-function.ts';
import { ProviderDocuments } from './functions/provider-documents.ts';
import { KeyRecord } from './keys/key-record.ts';
import { PublishedJwks } from './keys/published-jwks.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { UnexpectedSignatureMonitor } from './keys/unexpected-signature-monitor.ts';
import { Alarms } from './monitoring/alarms.ts';
import { AuditTrail } from './monitoring/audit-trail.ts';
import type { LogOptions } from './monitoring/log-group.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { acknowledgeNagFindings } from './nag-acknowledgements.ts';
import { buildConfig, type OneLoginProps } from './one-login-props.ts';
import { pageAssets, renderAsset } from './pages/static-assets/static-asset.ts';
import { StaticAssets } from './pages/static-assets/static-assets.ts';

/**
 * Sign-in with GOV.UK One Login for one service: API, functions, keys, tables and monitoring.
 *
 * The outputs list the URLs to register at One Login. Several of these constructs fit into one app, and into one stack,
 * as long as their names differ. Under the id `Default` logical ids are those of {@link OneLoginStack}.
 *
 * @throws ConfigError with every mistake in the props at once
 */
export class OneLogin extends Construct {
  /** The outside URL of all routes, up to and with `/auth`. */
  readonly publicUrl: string;
  /** To register at One Login: where our public keys are. */
  readonly jwksUrl: string;
  /** To register at One Login. */
  readonly redirectUri: string;
  /** To register at One Login. */
  readonly postLogoutRedirectUri: string;
  /** To register at One Login. */
  readonly backChannelLogoutUri: string;
  /** The REST API with the routes. Everything lies in its stage `live`. */
  readonly api: Api;
  /** Level → Lambda authorizer, for the service's own APIs. See `SessionAuthorizer`. */
  readonly authorizers: ReadonlyMap<Level, Lambda>;
  /** The alarms, to which you can add your own. */
  readonly alarms: Alarms;
  /** The log group with the audit trail. */
  readonly auditLogGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: OneLoginProps) {
    super(scope, id);
    setFeatureFlags(this);
    const config = buildConfig(props, this);
    const name = buildStackName(config);
    // Two of these constructs in one stack have a log group each.
    const suffix = id === 'Default' ? '' : `-${config.name}`;
    const { key: encryptionKey } = new DataKey(this, 'DataKey', {
      deployment: config.name,
      firewallLogGroup: `aws-waf-logs-${Aws.STACK_NAME}${suffix}`,
    });
    // The values of the enumeration are the numbers of days.
    const logs: LogOptions = { encryptionKey, retention: config.logRetentionDays as RetentionDays };
    this.alarms = new Alarms(this, 'Alarms', {
      prefix: name,
      config: config.alarms,
      overrides: props.alarmOverrides,
    });
    const keys = new SigningKeys(this, 'SigningKeys', {
      deployment: config.name,
      keys: config.signingKeys,
      ...(config.environment === 'production' ? { keptFor: config.signingKeyDeletionRoles } : {}),
    });
    const tables = new Tables(this, 'Tables', { encryptionKey });
    const routes = listRoutes(config);
    const api = new RestApi(this, 'RestApi', {
      name,
      routes,
      otherRateLimit: config.throttling.others,
      logs,
      logRole: config.apiGatewayLogRole,
      ownAddress: config.domain === undefined,
    });
    this.api = api.restApi;
    const publicUrl = config.publicUrl ?? api.ownPublicUrl;
    this.publicUrl = publicUrl;
    this.jwksUrl = `${publicUrl}/${jwksPath}`;
    this.redirectUri = `${publicUrl}/callback`;
    this.postLogoutRedirectUri = `${publicUrl}/signed-out`;
    this.backChannelLogoutUri = `${publicUrl}/backchannel-logout`;

    const bundlesDirectory = mkdtempSync(join(tmpdir(), 'one-login-lambda-'));
    // The constructs of the functions copy the bundles into the app's output.
    try {
      const bundles = props.bundles ?? bundleFunctions(config, bundlesDirectory);
      const functionsProps: FunctionsProps = { config, publicUrl, keys, tables, bundles, logs };
      const functions = new Functions(this, 'Functions', functionsProps);
      this.authorizers = new Authorizers(this, 'Authorizers', functionsProps).functions;
      this.auditLogGroup = new AuditTrail(this, 'AuditTrail', {
        deployment: config.name,
        bundle: findBundle('collect-audit', bundles),
        logs: { encryptionKey, retention: config.auditRetentionDays as RetentionDays },
        functions: this.#listFunctions(),
      }).logGroup;

      api.answerRoutes(functions);
      api.addGatewayResponses(config, publicUrl);
      new PublishedJwks(this, 'PublishedJwks', {
        resource: api.resource(jwksPath),
        keys: keys.published,
        publishJwks: functions.publishJwks,
      });
      api.redeployWhenKeysChange(config.signingKeys);
      new StaticAssets(this, 'StaticAssets', {
        resource: api.resource('assets'),
        files: pageAssets.map(renderAsset),
      });
      new KeyRecord(this, 'KeyRecord', {
        deployment: config.name,
        keys: keys.all,
        after: [api.stage, functions.login, functions.callback],
      });
      new UnexpectedSignatureMonitor(this, 'ForeignSignatures', {
        keys: keys.all,
        signers: [functions.login, functions.callback],
        alarms: this.alarms,
      });
      const providerDocuments = new ProviderDocuments(this, 'ProviderDocuments', {
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
        documentsFetched: providerDocuments,
        alarms: this.alarms,
      });
      this.alarms.checkOverrides();

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
          stage: api.stage,
          routes,
          firewall: config.firewall,
          originSecrets: origin && [...origin.secrets.values()],
          logs,
          logGroupName: `aws-waf-logs-${Stack.of(this).stackName}${suffix}`,
        });
      }
      if (config.exampleService) {
        new ExampleService(this, 'ExampleService', {
          deployment: config.name,
          publicUrl,
          bundle: findBundle('example-service', bundles),
          logs,
          resource: (path) => api.serviceResource(path),
        });
      }
      this.#addOutputs({ config, tables, domain, origin, ownPublicUrl: api.ownPublicUrl });
      acknowledgeNagFindings(this);
    } finally {
      rmSync(bundlesDirectory, { recursive: true });
    }
  }

  /** The functions that exist so far. */
  #listFunctions(): readonly LambdaFunction[] {
    return this.node.findAll().filter((construct) => construct instanceof LambdaFunction);
  }

  #addOutputs({ config, tables, domain, origin, ownPublicUrl }: OutputSources): void {
    const add = (id: string, description: string, value: string) =>
      new CfnOutput(this, id, { description, value });
    add('PublicUrl', 'The outside URL of all routes', this.publicUrl);
    add('RedirectUri', 'To register at One Login: redirect URI', this.redirectUri);
    add(
      'PostLogoutRedirectUri',
      'To register at One Login: post-logout redirect URI',
      this.postLogoutRedirectUri,
    );
    add(
      'BackChannelLogoutUri',
      'To register at One Login: back-channel logout URI',
      this.backChannelLogoutUri,
    );
    add('JwksUrl', 'To register at One Login: JWKS URL', this.jwksUrl);
    if (config.identity !== undefined) {
      const landingPageUrl = `${this.publicUrl}/in-person-return`;
      add('LandingPageUrl', 'To register at One Login: landing page URL', landingPageUrl);
    }
    for (const [level, { functionArn }] of this.authorizers) {
      add(`Authorizer${buildAuthorizerId(level)}`, `Lambda authorizer for ${level}`, functionArn);
    }
    add('SessionsTable', 'The table with the sessions', tables.sessions.tableName);
    add('AuditLogGroup', 'The log group with the audit trail', this.auditLogGroup.logGroupName);
    if (domain === undefined) {
      add('ApiUrl', "The API's own address of the same routes", ownPublicUrl);
    } else {
      const what =
        config.domain?.hostedZone === undefined
          ? 'Point a CNAME or alias record at this'
          : 'The records point at this';
      add('DomainTarget', `${what}: the API under the name of the domain`, domain.target);
    }
    for (const [name, { secretArn }] of origin?.secrets ?? []) {
      add(`OriginSecret${name}`, `The origin secret ${name}`, secretArn);
    }
  }
}

interface OutputSources {
  readonly config: DeploymentConfig;
  readonly tables: Tables;
  readonly domain: Domain | undefined;
  readonly origin: OriginSecrets | undefined;
  readonly ownPublicUrl: string;
}
