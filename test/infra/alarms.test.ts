import { describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Stack } from 'aws-cdk-lib/core';
import type { AlarmsConfig } from '../../lib/config/deployment-config.ts';
import { Alarms } from '../../lib/monitoring/alarms.ts';
import { synthesiseStack } from './synthesise.ts';

const topicArn = 'arn:aws:sns:eu-west-2:111122223333:on-call';
const emails = ['on-call@example.gov.uk', 'team@example.gov.uk'];

function synthesiseAlarm(config: Partial<AlarmsConfig>): Template {
  return synthesiseStack((app) => {
    const stack = new Stack(app, 'Stack');
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
    return stack;
  });
}

describe('an alarm', () => {
  it('contains its meaning, its urgency and its runbook', () => {
    synthesiseAlarm({}).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'one-login-test.pages-burn',
      AlarmDescription: 'Pages burn. Act now. Runbook: docs/operations/runbooks/pages-burn.md',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it("links to the department's copy of the runbooks", () => {
    const template = synthesiseAlarm({ runbookBaseUrl: 'https://wiki.example.gov.uk/runbooks' });

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp(
        ' Runbook: https://wiki\\.example\\.gov\\.uk/runbooks/pages-burn\\.md$',
      ),
    });
  });

  it.each([
    ['nobody without a topic', {}, Match.absent(), 0],
    ['an existing topic', { topicArn }, [topicArn], 0],
    [
      'an existing topic and addresses',
      { topicArn, emails },
      [topicArn, { Ref: Match.stringLikeRegexp('^AlarmsTopic') }],
      1,
    ],
  ])('notifies %s when it starts and when it ends', (_, config, actions, topics) => {
    const template = synthesiseAlarm(config);

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: actions,
      OKActions: actions,
    });
    template.resourceCountIs('AWS::SNS::Topic', topics);
    template.resourceCountIs('AWS::KMS::Key', topics);
  });
});

describe('the topic for emails', () => {
  const template = synthesiseAlarm({ emails });
  const fromThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
  const cloudWatch = { Service: 'cloudwatch.amazonaws.com' };

  it('sends every alarm to every address', () => {
    template.resourceCountIs('AWS::SNS::Subscription', emails.length);
    for (const Endpoint of emails) {
      template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint });
    }
  });

  it('is encrypted with a key that CloudWatch may use for alarms of this account', () => {
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AlarmsTopicKey'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Principal: cloudWatch,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: fromThisAccount,
          },
        ]),
      },
    });
  });

  it('allows only CloudWatch to publish, for this account and over TLS', () => {
    const [policy] = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    const statements: { Effect: string }[] = policy?.['Properties'].PolicyDocument.Statement;

    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      expect.objectContaining({ Principal: cloudWatch, Action: 'sns:Publish', Condition: fromThisAccount }),
    ]);
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });
});
