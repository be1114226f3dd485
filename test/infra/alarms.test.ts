import { describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Stack } from 'aws-cdk-lib/core';
import type { AlarmsConfig } from '../../lib/config/deployment-config.ts';
import { type AlarmOverrides, Alarms } from '../../lib/monitoring/alarms.ts';
import { findResource, synthesiseStack } from './synthesise.ts';

const topicArn = 'arn:aws:sns:eu-west-2:111122223333:on-call';
const other = 'arn:aws:sns:eu-west-2:111122223333:team';
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
      AlarmDescription: Match.stringLikeRegexp(
        '^Pages burn\\. Act now\\. Runbook: https://\\S+/blob/v[0-9.]+/docs/operations/runbooks/pages-burn\\.md$',
      ),
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
    ['no topic when the config has none', {}, Match.absent(), 0],
    ['an existing topic', { topicArn }, [topicArn], 0],
    [
      'an existing topic and addresses',
      { topicArn, emails },
      [topicArn, { Ref: Match.stringLikeRegexp('^AlarmsTopic') }],
      1,
    ],
    ['a topic for its level', { urgentTopicArn: topicArn, ticketTopicArn: other }, [topicArn], 0],
    [
      'a topic for all alarms and one for its level',
      { topicArn: other, urgentTopicArn: topicArn },
      [other, topicArn],
      0,
    ],
    ['no topic when the config has one for the other level', { ticketTopicArn: topicArn }, Match.absent(), 0],
  ])('notifies %s when it starts, and not when it ends', (_, config, actions, topics) => {
    const template = synthesiseAlarm(config);

    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: actions,
      OKActions: Match.absent(),
    });
    template.resourceCountIs('AWS::SNS::Topic', topics);
    template.resourceCountIs('AWS::KMS::Key', topics);
  });
});

describe('a combined alarm', () => {
  const build = (overrides: AlarmOverrides = {}) =>
    synthesiseStack((app) => {
      const stack = new Stack(app, 'Stack');
      const config = { emails: [], urgentTopicArn: topicArn, ticketTopicArn: other };
      const alarms = new Alarms(stack, 'Alarms', { prefix: 'one-login-test', config, overrides });
      const fire = {
        metric: new Metric({ namespace: 'Fire', metricName: 'pages' }),
        threshold: 3,
        evaluationPeriods: 2,
      };
      const cause = alarms.add('cause', { meaning: 'A match.', urgency: 'next-working-day', ...fire });
      const signal = alarms.addSignal('smoke', {
        meaning: 'Smoke.',
        partOf: 'fire',
        runbook: 'fire',
        ...fire,
      });
      alarms.addCombined('fire', { meaning: 'Fire.', rule: signal, heldBackBy: [cause] });
      alarms.addAllClear();
      alarms.add('flood', { meaning: 'Water.', urgency: 'now', ...fire });
      alarms.checkOverrides();
      return stack;
    });

  it('pages the person on call, unless an alarm on the cause is active, and its signal sends no message', () => {
    const template = build();
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmName: 'one-login-test.fire',
      AlarmDescription: Match.stringLikeRegexp('^Fire\\. Act now\\. Runbook: .*/fire\\.md$'),
      AlarmActions: [topicArn],
      OKActions: Match.absent(),
      AlarmRule: {
        'Fn::Join': [
          '',
          [
            '(ALARM("',
            { 'Fn::GetAtt': [Match.stringLikeRegexp('smoke'), 'Arn'] },
            '") AND (NOT ((ALARM("',
            { 'Fn::GetAtt': [Match.stringLikeRegexp('cause'), 'Arn'] },
            '")))))',
          ],
        ],
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'one-login-test.smoke',
      AlarmDescription: Match.stringLikeRegexp(
        '^Smoke\\. Sends no message: part of one-login-test\\.fire\\. ',
      ),
      AlarmActions: Match.absent(),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'one-login-test.cause',
      AlarmActions: [other],
    });
  });

  it('is over, with all other urgent ones, when the alarm for all of them sends its end', () => {
    const { AlarmRule, OKActions } = findResource(
      build(),
      'AWS::CloudWatch::CompositeAlarm',
      'Alarmsurgent',
    ).Properties;
    expect(OKActions).toEqual([topicArn]);
    expect(JSON.stringify(AlarmRule)).toMatch(/Alarmsfire.* OR .*Alarmsflood/);
    expect(JSON.stringify(AlarmRule)).not.toMatch(/cause|smoke/);
  });

  it('can be switched off, and no other property of it can be changed', () => {
    build({ fire: { actionsEnabled: false } }).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      ActionsEnabled: false,
    });
    expect(() => build({ fire: { threshold: 4 } })).toThrow('you can change only its actionsEnabled');
    expect(() => build({ smoke: { actionsEnabled: false } })).toThrow(
      'smoke sends no messages; change actionsEnabled of fire',
    );
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
