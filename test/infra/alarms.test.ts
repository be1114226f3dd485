import { describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmsConfig } from '../../lib/config/deployment-config.ts';
import { Alarms } from '../../lib/monitoring/alarms.ts';

const topicArn = 'arn:aws:sns:eu-west-2:111122223333:on-call';

function templateOf(config: Partial<AlarmsConfig>): Template {
  const stack = new Stack(new App(), 'Stack');
  new Alarms(stack, 'Alarms', { prefix: 'one-login-test', config: { emails: [], ...config } }).add(
    'pages-burn',
    {
      meaning: 'Pages burn.',
      urgency: 'now',
      metric: new Metric({ namespace: 'Fire', metricName: 'pages' }),
      threshold: 3,
      evaluationPeriods: 2,
    },
  );
  return Template.fromStack(stack);
}

/** The only resource of a type. */
function propertiesOf(template: Template, type: string) {
  const [only, ...others] = Object.values(template.findResources(type));
  expect(others).toEqual([]);
  return only?.['Properties'];
}

describe('an alarm', () => {
  test('says what is wrong, how urgent it is and where it is written what to do', () => {
    expect(propertiesOf(templateOf({}), 'AWS::CloudWatch::Alarm')).toMatchObject({
      AlarmName: 'one-login-test.pages-burn',
      AlarmDescription: 'Pages burn. Act now. Runbook: docs/operations/runbooks/pages-burn.md',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  test('links to where a department has its copy of the runbooks', () => {
    const runbookBaseUrl = 'https://wiki.example.gov.uk/runbooks';
    const { AlarmDescription } = propertiesOf(templateOf({ runbookBaseUrl }), 'AWS::CloudWatch::Alarm');
    expect(AlarmDescription).toMatch(/ Runbook: https:\/\/wiki\.example\.gov\.uk\/runbooks\/pages-burn\.md$/);
  });

  test('is there without a topic, and calls nobody', () => {
    const template = templateOf({});
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).not.toHaveProperty('AlarmActions');
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('is sent to a topic that is there already, when it rings and when it is over', () => {
    const template = templateOf({ topicArn });
    expect(propertiesOf(template, 'AWS::CloudWatch::Alarm')).toMatchObject({
      AlarmActions: [topicArn],
      OKActions: [topicArn],
    });
    template.resourceCountIs('AWS::SNS::Topic', 0);
  });

  test('is sent to both when there are addresses as well', () => {
    const { AlarmActions } = propertiesOf(
      templateOf({ topicArn, emails: ['on-call@example.gov.uk'] }),
      'AWS::CloudWatch::Alarm',
    );
    expect(AlarmActions).toEqual([topicArn, { Ref: expect.stringMatching(/^AlarmsTopic/) }]);
  });
});

describe('the topic that mails alarms', () => {
  const emails = ['on-call@example.gov.uk', 'team@example.gov.uk'];
  const template = templateOf({ emails });
  const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };

  test('mails them to every address', () => {
    const subscriptions = Object.values(template.findResources('AWS::SNS::Subscription'));
    expect(subscriptions.map(({ Properties: { Protocol, Endpoint } }) => [Protocol, Endpoint])).toEqual(
      emails.map((address) => ['email', address]),
    );
  });

  test('is encrypted with a key that CloudWatch may use for alarms of this account', () => {
    const { KmsMasterKeyId } = propertiesOf(template, 'AWS::SNS::Topic');
    expect(KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^AlarmsTopicKey/), 'Arn'] });
    const { KeyPolicy, EnableKeyRotation } = propertiesOf(template, 'AWS::KMS::Key');
    expect(EnableKeyRotation).toBe(true);
    expect(KeyPolicy.Statement).toContainEqual({
      Effect: 'Allow',
      Principal: cloudWatch,
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: fromThisAccount,
    });
  });

  test('lets nobody publish but CloudWatch, for this account, and only over TLS', () => {
    const { PolicyDocument } = propertiesOf(template, 'AWS::SNS::TopicPolicy');
    const allowed = PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({ Principal: cloudWatch, Action: 'sns:Publish', Condition: fromThisAccount }),
    ]);
    expect(PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });
});
