import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { jwksPath, RestApi } from './api/rest-api.ts';
import { listRoutes } from './api/routes.ts';
import type { DeploymentConfig } from './config/deployment-config.ts';
import { DataKey, dataKeyId } from './data/data-key.ts';
import { Tables } from './data/tables.ts';
import { Firewall } from './edge/firewall.ts';
import { OriginSecrets } from './edge/origin-secrets.ts';
import { ExampleService } from './example-service/example-service.ts';
import { Authorizers, buildAuthorizerId, type Level } from './functions/authorizers.ts';
import { Functions, type FunctionsProps, findBundle } from './functions/functions.ts';
import { LambdaFunction } from './functions/lambda-function.ts';
import { ProviderDocuments } from './functions/provider-documents.ts';
import { KeyRecord } from './keys/key-record.ts';
import { PublishedJwks } from './keys/published-jwks.ts';
import { SigningKeys } from './keys/signing-keys.ts';
import { UnexpectedSignatureMonitor } from './keys/unexpected-signature-monitor.ts';
import { Alarms } from './monitoring/alarms.ts';
import { AuditTrail } from './monitoring/audit-trail.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { pageAssets, staticAsset } from './pages/static-assets/static-asset.ts';
import { StaticAssets } from './pages/static-assets/static-assets.ts';

/** What One Login's admin tool asks for: output, name, path below the public URL. */
const registeredUrls = [
  ['RedirectUri', 'redirect URI', 'callback'],
  ['PostLogoutRedirectUri', 'post-logout redirect URI', 'signed-out'],
  ['BackChannelLogoutUri', 'back-channel logout URI', 'backchannel-logout'],
  ['JwksUrl', 'JWKS URL', '.well-known/jwks.json'],
] as const;

export interface OneLoginStackProps extends StackProps {
  readonly config: DeploymentConfig;
  /** Function name → directory with its bundle. */
  readonly bundles: ReadonlyMap<string, string>;
}

/** Everything that one deployment consists of. */
export class OneLoginStack extends Stack {
  /** The authorizer of each level in the config, for the service's own APIs. */
  readonly authorizers: ReadonlyMap<Level, Lambda>;
  /** The alarms, to which a department may add its own. */
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, { config, bundles, ...props }: OneLoginStackProps) {
    super(scope, id, props);
    new DataKey(this, dataKeyId, { deployment: config.name });
    this.alarms = new Alarms(this, 'Alarms', { prefix: id, config: config.alarms });
    const keys = new SigningKeys(this, 'SigningKeys', {
      deployment: config.name,
      keys: config.signingKeys,
      ...(config.environment === 'production' ? { keptFor: config.signingKeyDeletionRoles } : {}),
    });
    const tables = new Tables(this, 'Tables');
    const routes = listRoutes(config);
    const api = new RestApi(this, 'RestApi', {
      name: id,
      region: config.region,
      routes,
      otherRateLimit: config.throttling.others,
      logRetentionDays: config.logRetentionDays,
      logRole: config.apiGatewayLogRole,
      ownAddress: config.domain === undefined,
    });
    const publicUrl = config.publicUrl ?? api.ownPublicUrl;
    const functionsProps: FunctionsProps = { config, publicUrl, keys, tables, bundles };
    const functions = new Functions(this, 'Functions', functionsProps);
    this.authorizers = new Authorizers(this, 'Authorizers', functionsProps).functions;
    const auditTrail = new AuditTrail(this, 'AuditTrail', {
      deployment: config.name,
      bundle: findBundle('collect-audit', bundles),
      retentionDays: config.auditRetentionDays,
      functions: this.#functions(),
    });

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
      files: pageAssets.map(staticAsset),
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
      name: id,
      api,
      tables,
      functions: this.#functions(),
      authorizers: this.authorizers,
      documentsFetched: providerDocuments,
      alarms: this.alarms,
    });

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
        logRetentionDays: config.logRetentionDays,
      });
    }

    if (config.exampleService) {
      new ExampleService(this, 'ExampleService', {
        config,
        publicUrl,
        bundle: findBundle('example-service', bundles),
        resource: (path) => api.serviceResource(path),
      });
    }

    this.#output('PublicUrl', 'The outside URL of all routes', publicUrl);
    for (const [name, what, path] of registeredUrls) {
      this.#output(name, `To register at One Login: ${what}`, `${publicUrl}/${path}`);
    }
    if (config.identity !== undefined) {
      this.#output(
        'LandingPageUrl',
        'To register at One Login: landing page URL',
        `${publicUrl}/in-person-return`,
      );
    }
    for (const [level, { functionArn }] of this.authorizers) {
      this.#output(`Authorizer${buildAuthorizerId(level)}`, `Lambda authorizer for ${level}`, functionArn);
    }
    // What operators have to find.
    this.#output('SessionsTable', 'The table with the sessions', tables.sessions.tableName);
    this.#output('AuditLogGroup', 'The log group with the audit trail', auditTrail.logGroup.logGroupName);
    // What stands in front of the API, or has to be led to it.
    if (domain !== undefined) {
      const what =
        config.domain?.hostedZone === undefined
          ? 'To point a CNAME or alias record at'
          : 'Where the records point';
      this.#output('DomainTarget', `${what}: the API under the name of the domain`, domain.target);
    } else {
      this.#output('ApiUrl', "The API's own address of the same routes", api.ownPublicUrl);
    }
    for (const [name, { secretArn }] of origin?.secrets ?? []) {
      this.#output(`OriginSecret${name}`, `The origin secret ${name}`, secretArn);
    }
  }

  /** Those that there are by now. */
  #functions(): readonly LambdaFunction[] {
    return this.node.findAll().filter((construct) => construct instanceof LambdaFunction);
  }

  #output(name: string, description: string, value: string): void {
    new CfnOutput(this, name, { description, value });
  }
}
