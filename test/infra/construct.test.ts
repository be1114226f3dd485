/** The construct in another app, with its own feature flags and resources, and with several deployments. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { OneLogin, type OneLoginProps, OneLoginStack, propsFromConfig } from '../../lib/index.ts';
import { buildConfig, buildProps } from '../../lib/one-login-props.ts';
import { buildFullConfig, fronts } from './everything-on.ts';
import { buildTestConfig, placeholderBundles, synthesise } from './synthesise.ts';

const outdir = mkdtempSync(join(tmpdir(), 'one-login-construct-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const env = { region: 'eu-west-2', account: '111122223333' };

/** Creates a stack in an app without feature flags. */
function createStack(props: { readonly env?: typeof env } = { env }): Stack {
  return new Stack(new App({ outdir }), 'Service', props);
}

const smallest: OneLoginProps = {
  name: 'licences',
  environment: 'integration',
  serviceName: 'Apply for a licence',
  clientId: 'exampleIntegrationClientId00',
  scopes: ['openid'],
  authenticationVtr: ['Cl.Cm'],
  signingKeys: [{ name: '2026-01', state: 'sign' }],
  publicUrl: 'https://licences.example.gov.uk/auth',
  bundles: placeholderBundles,
};

describe('OneLogin', () => {
  it('fits twice into one stack, with a firewall each and resources of the service', () => {
    const stack = createStack();
    new Bucket(stack, 'Documents');
    const domainName = 'licences.example.gov.uk';
    const hostedZone = new HostedZone(stack, 'Zone', { zoneName: 'example.gov.uk' });
    for (const name of ['licences', 'permits']) {
      new OneLogin(stack, name, {
        ...smallest,
        name,
        domainName: `${name}.example.gov.uk`,
        publicUrl: `https://${name}.example.gov.uk/auth`,
        hostedZone,
        firewall: {},
        apiGatewayLogRole: 'existing',
      });
    }
    const template = Template.fromStack(stack);

    template.resourceCountIs('AWS::ApiGateway::RestApi', 2);
    template.hasResourceProperties('AWS::ApiGateway::DomainName', { DomainName: domainName });
    for (const name of ['licences', 'permits']) {
      template.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: `aws-waf-logs-Service-${name}`,
      });
      expect(JSON.stringify(template.findResources('AWS::KMS::Key'))).toContain(
        `log-group:aws-waf-logs-",{"Ref":"AWS::StackName"},"-${name}"`,
      );
    }
  });

  it('has attributes for the app around it', () => {
    const stack = createStack();
    const oneLogin = new OneLogin(stack, 'SignIn', { ...smallest, authorizers: [{ level: 'Cl.Cm' }] });

    expect(oneLogin).toMatchObject({
      publicUrl: 'https://licences.example.gov.uk/auth',
      jwksUrl: 'https://licences.example.gov.uk/auth/.well-known/jwks.json',
      redirectUri: 'https://licences.example.gov.uk/auth/callback',
      postLogoutRedirectUri: 'https://licences.example.gov.uk/auth/signed-out',
      backChannelLogoutUri: 'https://licences.example.gov.uk/auth/backchannel-logout',
    });
    expect([...oneLogin.authorizers.keys()]).toEqual(['Cl.Cm']);
    expect(stack.resolve(oneLogin.api.restApiId)).toHaveProperty('Ref');
    expect(oneLogin.alarms.all.map(({ node }) => node.id)).toContain('no-sign-ins-15m');
    expect(stack.resolve(oneLogin.auditLogGroup.logGroupName)).toHaveProperty('Ref');
  });

  it('accepts resources of the app, whose ARNs are unknown before the deployment', () => {
    const stack = createStack({});
    const zone = new HostedZone(stack, 'Zone', { zoneName: 'example.gov.uk' });
    const certificate = new Certificate(stack, 'Certificate', { domainName: 'licences.example.gov.uk' });
    const topic = new Topic(stack, 'Topic');
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    new OneLogin(stack, 'SignIn', {
      ...smallest,
      environment: 'production',
      domainName: 'licences.example.gov.uk',
      certificate,
      hostedZone: zone,
      alarmTopic: topic,
      signingKeyDeletionRoles: [role, { roleArn: 'arn:aws:iam::111122223333:role/keys' }],
      logRetention: RetentionDays.ONE_WEEK,
      sessionIdleTimeout: Duration.minutes(20),
      sessionAbsoluteTimeout: Duration.hours(2),
      maxAge: Duration.hours(1),
    });
    const template = Template.fromStack(stack);
    const ref = (construct: { readonly node: { readonly defaultChild?: unknown } }) =>
      stack.getLogicalId(construct.node.defaultChild as Parameters<Stack['getLogicalId']>[0]);

    template.hasResourceProperties('AWS::ApiGateway::DomainName', {
      RegionalCertificateArn: { Ref: ref(certificate) },
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', { HostedZoneId: { Ref: ref(zone) } });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: [{ Ref: ref(topic) }] });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'Deletion',
            Condition: {
              ArnEquals: {
                'aws:PrincipalArn': [
                  { 'Fn::GetAtt': [ref(role), 'Arn'] },
                  'arn:aws:iam::111122223333:role/keys',
                ],
              },
            },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ MAX_AGE_SECONDS: '3600' }) },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ SESSION_IDLE_SECONDS: '1200', SESSION_ABSOLUTE_SECONDS: '7200' }),
      },
    });
  });

  it('applies overrides to single alarms, and rejects those for unknown alarms', () => {
    const stack = createStack();
    new OneLogin(stack, 'SignIn', {
      ...smallest,
      alarmOverrides: { 'jwks-slow': { actionsEnabled: false, evaluationPeriods: 7 } },
    });

    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'one-login-licences.jwks-slow',
      ActionsEnabled: false,
      EvaluationPeriods: 7,
    });
    expect(
      () => new OneLogin(createStack(), 'SignIn', { ...smallest, alarmOverrides: { 'no-signins': {} } }),
    ).toThrow(/there is no alarm no-signins; the alarms are .*no-sign-ins/);
  });

  it('rejects all mistakes in its props at once, with the names of the props', () => {
    const wrong = {
      ...smallest,
      serviceName: '',
      sessionIdleTimeout: Duration.days(2),
      alarmTopic: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms' },
    };

    expect(() => new OneLogin(createStack(), 'SignIn', wrong)).toThrow(
      /^Service\/SignIn has 3 mistakes:\n {2}- serviceName: .*\n {2}- sessionIdleTimeout: .*\n {2}- alarmTopic: /,
    );
  });
});

describe('OneLoginStack', () => {
  it('has the same template in an app without feature flags', () => {
    const app = new App({ outdir });
    const props = propsFromConfig('config/integration.example.json');
    const stack = new OneLoginStack(app, props.stackName, { ...props, bundles: placeholderBundles });

    expect(stack.stackName).toBe('one-login-apply-for-a-licence-integration');
    expect(removeAssets(Template.fromStack(stack).toJSON())).toEqual(
      removeAssets(synthesise(buildTestConfig('integration.example')).toJSON()),
    );
  });
});

describe('buildProps', () => {
  it.each([
    ...['local', 'integration.example', 'production.example'].map((name) => buildTestConfig(name)),
    ...fronts.map((front) => buildFullConfig(front)),
  ])('returns props from which buildConfig returns the same config: $name', (config) => {
    const { env: place = {}, ...props } = buildProps(config);
    const stack = new Stack(new App({ outdir }), 'Stack', { env: place });

    expect(buildConfig(props, stack)).toEqual(config);
  });
});

/** Removes the paths of assets, which depend on the id of the stack. */
function removeAssets(template: object): object {
  return JSON.parse(
    JSON.stringify(template, (key, value) => (key === 'Metadata' || key === 'S3Key' ? undefined : value)),
  );
}
