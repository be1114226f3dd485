import { describe, expect, test } from '@jest/globals';
import { configOf, synthesise } from './synthesise.ts';

const template = synthesise(
  configOf('production.example', {
    signingKeys: [
      { name: 'old', state: 'retire' },
      { name: 'current', state: 'sign' },
      { name: 'next', state: 'publish' },
    ],
  }),
);
const rules = template.ofType('AWS::Events::Rule').filter(([id]) => id.startsWith('ForeignSignatures'));
const idOf = (type: string, prefix: string) => template.one(type, prefix)[0];
const loginRole = `${template.roleId('login')}.RoleId`;
const callbackRole = `${template.roleId('callback')}.RoleId`;
const userinfoRole = `${template.roleId('userinfo')}.RoleId`;
const keyOf = (name: string) => idOf('AWS::KMS::Key', `SigningKeys${name}`);

/** A value of the template with references written as text: `<id>` for Ref, `<id>.<attribute>` for Fn::GetAtt. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof reference === 'string') return reference;
  if (Array.isArray(attribute)) return attribute.join('.');
  if (Array.isArray(join)) return (resolved(join[1]) as readonly string[]).join(join[0]);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each)]));
}

/**
 * Whether an event matches a pattern, as far as ours use what there is.
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
  if (before !== '' || after !== '') throw new Error(`this pattern is not understood: ${wildcard}`);
  return String(value).includes(within);
}

/** What CloudTrail tells of a signature. */
function signature(key: string, userIdentity: object, changes: object = {}) {
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

const byRole = (principalId: string) => ({
  type: 'AssumedRole',
  sessionContext: { sessionIssuer: { type: 'Role', principalId } },
});
const refusedOf = (key: string) => ({
  errorCode: 'AccessDenied',
  errorMessage: `User: x is not authorized to perform: kms:Sign on resource: arn:aws:kms:eu-west-2:444455556666:key/${key} because …`,
  requestParameters: null,
  resources: undefined,
});

/** How many rules an event is a matter of. */
const noticed = (event: object) =>
  rules.filter(([, { Properties }]) => matches(resolved(Properties.EventPattern), event)).length;

describe.each(['current', 'next', 'old'])('a signature by the key %s', (name) => {
  const key = keyOf(name);

  test.each([
    ['login', loginRole],
    ['callback', callbackRole],
  ])('is no matter when %s made it', (_, role) => {
    expect(noticed(signature(key, byRole(role)))).toBe(0);
  });

  test.each([
    ['another function', byRole(userinfoRole)],
    ['an administrator', byRole('AROAADMINISTRATOR')],
    ['a user', { type: 'IAMUser', principalId: 'AIDAUSER' }],
    ['the account itself', { type: 'Root', principalId: '444455556666' }],
  ])('is noticed when %s made it', (_, userIdentity) => {
    expect(noticed(signature(key, userIdentity))).toBe(1);
  });

  test('is noticed when it was refused', () => {
    expect(noticed(signature(key, byRole('AROAADMINISTRATOR'), refusedOf(key)))).toBe(1);
  });
});

test('signatures by keys of others are none of ours, nor is anything else done with ours', () => {
  const other = byRole('AROAADMINISTRATOR');

  expect(noticed(signature('another-key', other))).toBe(0);
  expect(noticed(signature('another-key', other, refusedOf('another-key')))).toBe(0);
  expect(noticed(signature(keyOf('current'), other, { eventName: 'GetPublicKey' }))).toBe(0);
});

test('the rules get events that only read as well, which signatures are to CloudTrail', () => {
  expect(rules).toHaveLength(2);
  for (const [, { Properties }] of rules) {
    expect(Properties.State).toBe('ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS');
  }
});

describe('what was noticed', () => {
  const [queueId, queue] = template.one('AWS::SQS::Queue', 'ForeignSignatures');

  test('is kept for two weeks, encrypted', () => {
    expect(queue.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    for (const [, { Properties }] of rules) {
      expect(Properties.Targets).toMatchObject([{ Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } }]);
    }
  });

  test('comes from these rules only, and over TLS', () => {
    const [, { Properties }] = template.one('AWS::SQS::QueuePolicy');
    const allowing = Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Allow',
    );

    expect(allowing).toHaveLength(rules.length);
    for (const { Principal, Condition } of allowing) {
      expect(Principal).toEqual({ Service: 'events.amazonaws.com' });
      expect(rules.map(([id]) => id)).toContain(Condition.ArnEquals['aws:SourceArn']['Fn::GetAtt'][0]);
    }
    expect(Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  test('rings an alarm for as long as it is there', () => {
    const [, { Properties }] = template.one('AWS::CloudWatch::Alarm', 'Alarmsforeignsignature');

    expect(Properties).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queueId, 'QueueName'] } }],
      Statistic: 'Maximum',
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});
