import { describe, expect, it } from '@jest/globals';
import {
  buildTestConfig,
  findResource,
  findRole,
  listResources,
  listStatements,
  synthesise,
} from './synthesise.ts';

const template = synthesise(
  buildTestConfig('production.example', {
    signingKeys: [
      { name: 'old', state: 'retire' },
      { name: 'current', state: 'sign' },
      { name: 'next', state: 'publish' },
    ],
  }),
);
const rules = listResources(template, 'AWS::Events::Rule', 'ForeignSignatures');
const findKeyId = (name: string) => findResource(template, 'AWS::KMS::Key', `SigningKeys${name}`).id;

/** Replaces references in a value of the template with text: `<id>` for Ref, `<id>.<attribute>` for Fn::GetAtt. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof reference === 'string') return reference;
  if (Array.isArray(attribute)) return attribute.join('.');
  if (Array.isArray(join)) return (resolve(join[1]) as readonly string[]).join(join[0]);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolve(each)]));
}

/**
 * Matches an event against a pattern, with the operators that our patterns use.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
function matches(pattern: unknown, event: unknown): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((each) =>
      Array.isArray(event) ? event.some((one) => matchesOne(each, one)) : matchesOne(each, event),
    );
  }
  return Object.entries(pattern as object).every(([name, part]) => {
    if (name === '$or') return (part as readonly unknown[]).some((each) => matches(each, event));
    return Array.isArray(event)
      ? event.some((one) => matches(part, Object(one)[name]))
      : matches(part, Object(event)[name]);
  });
}

function matchesOne(matcher: unknown, value: unknown): boolean {
  if (typeof matcher === 'string') return matcher === value;
  const { 'anything-but': others, exists, wildcard } = matcher as Record<string, unknown>;
  if (exists === false) return value === undefined;
  if (value === undefined) return false;
  if (Array.isArray(others)) return !others.includes(value);
  const [before = '', within = '', after = ''] = String(wildcard).split('*');
  if (before !== '' || after !== '') throw new Error(`This pattern is not supported: ${wildcard}`);
  return String(value).includes(within);
}

/** Builds CloudTrail's event for a signature. */
function buildEvent(key: string, userIdentity: object, changes: object = {}) {
  return {
    source: 'aws.kms',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: {
      eventSource: 'kms.amazonaws.com',
      eventName: 'Sign',
      readOnly: true,
      userIdentity,
      requestParameters: { keyId: key, signingAlgorithm: 'RSASSA_PSS_SHA_256', messageType: 'DIGEST' },
      resources: [{ accountId: '444455556666', type: 'AWS::KMS::Key', ARN: `${key}.Arn` }],
      ...changes,
    },
  };
}

const buildRoleIdentity = (principalId: string) => ({
  type: 'AssumedRole',
  sessionContext: { sessionIssuer: { type: 'Role', principalId } },
});
const administrator = buildRoleIdentity('AROAADMINISTRATOR');
const buildRefusal = (key: string) => ({
  errorCode: 'AccessDenied',
  errorMessage: `User: x is not authorized to perform: kms:Sign on resource: arn:aws:kms:eu-west-2:444455556666:key/${key} because …`,
  requestParameters: null,
  resources: undefined,
});

/** Counts the rules that match an event. */
const countMatches = (event: object) =>
  rules.filter(({ Properties }) => matches(resolve(Properties.EventPattern), event)).length;

describe.each(['current', 'next', 'old'])('the monitor of the signing key %s', (name) => {
  const key = findKeyId(name);

  it.each(['login', 'callback'] as const)('ignores signatures by %s', (signer) => {
    const role = `${findRole(template, signer).id}.RoleId`;

    expect(countMatches(buildEvent(key, buildRoleIdentity(role)))).toBe(0);
  });

  it.each([
    ['another function', buildRoleIdentity(`${findRole(template, 'userinfo').id}.RoleId`)],
    ['an administrator', administrator],
    ['a user', { type: 'IAMUser', principalId: 'AIDAUSER' }],
    ['the root account', { type: 'Root', principalId: '444455556666' }],
  ])('detects a signature by %s', (_, userIdentity) => {
    expect(countMatches(buildEvent(key, userIdentity))).toBe(1);
  });

  it('detects an attempt that KMS refused', () => {
    expect(countMatches(buildEvent(key, administrator, buildRefusal(key)))).toBe(1);
  });
});

describe('the monitor of signatures', () => {
  const queue = findResource(template, 'AWS::SQS::Queue', 'ForeignSignatures');

  it.each([
    ['signatures with other keys', buildEvent('another-key', administrator)],
    [
      'refused attempts with other keys',
      buildEvent('another-key', administrator, buildRefusal('another-key')),
    ],
    ['other calls', buildEvent(findKeyId('current'), administrator, { eventName: 'GetPublicKey' })],
  ])('ignores %s', (_, event) => {
    expect(countMatches(event)).toBe(0);
  });

  it('receives events of calls that only read, as CloudTrail classifies signing, in a queue', () => {
    expect(rules).toHaveLength(2);
    for (const { Properties } of rules) {
      expect(Properties).toMatchObject({
        State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
        Targets: [{ Arn: { 'Fn::GetAtt': [queue.id, 'Arn'] } }],
      });
    }
  });

  it('keeps events encrypted for two weeks', () => {
    expect(queue.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  });

  it('accepts events from its rules only, and over TLS', () => {
    const statements = listStatements(findResource(template, 'AWS::SQS::QueuePolicy'));

    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual(
      rules.map(({ id }) =>
        expect.objectContaining({
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [id, 'Arn'] } } },
        }),
      ),
    );
    expect(statements).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  // id: unexpected-signature-alarm
  it('has an alarm that is active while there is an event in the queue', () => {
    expect(
      findResource(template, 'AWS::CloudWatch::Alarm', 'Alarmsforeignsignature').Properties,
    ).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue.id, 'QueueName'] } }],
      Statistic: 'Maximum',
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});
