import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { writeToAuditTrail } from '../../../bin/revoke/write-to-audit-trail.ts';
import { readAuditLine } from '../../../lambdas/collect-audit/audit-line.ts';
import { type AwsAnswer, type StubAws, startStubAws } from '../../lambdas/adapters/stub-aws.ts';

const logGroupName = 'one-login-licences-AuditTrailcollectauditLogs8A8F6085-abc';
const event = { action: 'sessions_revoked_by_operator', sessions: 2 } as const;
const now = Date.parse('2026-06-01T12:00:00Z');

let aws: StubAws | undefined;
afterEach(() => aws?.stop());

async function write(logGroups: readonly string[], refused?: string): Promise<StubAws> {
  aws = await startStubAws(({ operation }): AwsAnswer => {
    if (operation === refused) return { status: 400, body: { __type: 'AccessDeniedException' } };
    const body = { logGroups: logGroups.map((name) => ({ logGroupName: name })) };
    return { status: 200, body: operation === 'DescribeLogGroups' ? body : {} };
  });
  const client = new CloudWatchLogsClient({ ...aws.clientOptions, maxAttempts: 1 });
  const config = { name: 'licences', region: 'eu-west-2' };
  await writeToAuditTrail(client, config, event, now).finally(() => client.destroy());
  return aws;
}

describe('writeToAuditTrail', () => {
  it("writes a line in the format of the functions into the deployment's log group, in its own stream", async () => {
    const { requests } = await write([logGroupName]);
    const logStreamName = expect.stringMatching(/^operator\/[0-9a-f-]{36}$/);

    expect(requests.map(({ operation, input }) => [operation, input])).toEqual([
      ['DescribeLogGroups', { logGroupNamePrefix: 'one-login-licences-AuditTrailcollectauditLogs' }],
      ['CreateLogStream', { logGroupName, logStreamName }],
      [
        'PutLogEvents',
        { logGroupName, logStreamName, logEvents: [{ timestamp: now, message: expect.any(String) }] },
      ],
    ]);
    const { logEvents } = (requests.at(-1)?.input ?? {}) as { logEvents?: { message: string }[] };
    const message = logEvents?.[0]?.message ?? '';

    expect(JSON.parse(message)).toEqual({
      event: 'audit',
      ...event,
      at: '2026-06-01T12:00:00.000Z',
      deployment: 'licences',
      request_id: expect.any(String),
    });
    expect(readAuditLine(message, '1')).toMatchObject({ kind: 'audit' });
  });

  it('throws if there is no log group', async () => {
    await expect(write([])).rejects.toThrow('there is no log group in eu-west-2');
  });

  it.each(['DescribeLogGroups', 'CreateLogStream', 'PutLogEvents'])(
    'throws if the operator has no permission for %s',
    async (operation) => {
      await expect(write([logGroupName], operation)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    },
  );
});
