import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ScheduledEvent } from 'aws-lambda';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import type { Refresh, RefreshOptions } from '../../../lambdas/core/flow/refresh-documents.ts';
import { createRefreshHandler } from '../../../lambdas/provider-refresh/refresh-handler.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import {
  createAccessDenied,
  createCustomResourceEvent,
  startCloudFormation,
} from '../../support/custom-resources.ts';
import { TestClock } from '../../support/test-clock.ts';

const scheduled = { 'detail-type': 'Scheduled Event' } as ScheduledEvent;
const failed = new RelyingPartyError('provider_timed_out', 'no connection', { cause: new Error('secret') });

let clock: TestClock;
let lines: string[];
let asked: RefreshOptions[];

beforeEach(() => {
  clock = new TestClock();
  lines = [];
  asked = [];
});

function createHandler(refresh: Refresh) {
  return createRefreshHandler({
    refresh: (options) => {
      asked.push(options);
      return refresh(options);
    },
    document: 'jwks',
    clock,
    logger: createLogger({ deployment: 'test', write: (line) => lines.push(line), now: () => clock.now() }),
  });
}

const parseLog = () =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ _aws, deployment, ...rest }) => rest);

describe('a refresh by schedule', () => {
  test('is not forced, measures the age of each document in seconds, and logs and counts changed keys', async () => {
    const refresh = createHandler(async () => ({
      reports: [
        { document: 'discovery', age: 0 },
        { document: 'jwks', age: 61_499, changedKeyIds: ['a', 'b'] },
      ],
    }));
    await refresh(scheduled);
    expect(asked).toEqual([{ force: false }]);
    expect(parseLog()).toEqual([
      { document: 'discovery', document_age: 0 },
      { document: 'jwks', document_age: 61 },
      { level: 'info', event: 'key_set_changed', document: 'jwks', key_ids: ['a', 'b'] },
      { document: 'jwks', key_set_changed: 1 },
    ]);
  });

  test('that cannot read the stored documents reports the age that continues the last one', async () => {
    let result: Awaited<ReturnType<Refresh>> = { reports: [{ document: 'jwks', age: 1000 }] };
    const handler = createHandler(async () => result);
    await handler(scheduled);
    lines = [];
    clock.advance(300_000);
    result = { reports: [], failure: new RelyingPartyError('dynamodb_unavailable', 'Query failed') };
    await expect(handler(scheduled)).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
    expect(parseLog()).toEqual([
      { document: 'jwks', document_age: 301 },
      { document: 'jwks', refresh_failed: 1 },
      expect.objectContaining({ event: 'refresh_failed', document: 'jwks', code: 'dynamodb_unavailable' }),
    ]);
  });

  // id: failed-refresh-measured
  test('that fails also measures the age, counts the failure and fails the invocation', async () => {
    const handler = createHandler(async () => ({
      reports: [{ document: 'jwks', age: 1000 }],
      failure: failed,
    }));
    await expect(handler(scheduled)).rejects.toBe(failed);
    expect(parseLog()).toEqual([
      { document: 'jwks', document_age: 1 },
      { document: 'jwks', refresh_failed: 1 },
      {
        level: 'error',
        event: 'refresh_failed',
        document: 'jwks',
        code: 'provider_timed_out',
        fault: 'provider',
        message: 'no connection',
        error_name: 'Error',
        error_at: expect.any(String),
      },
    ]);
  });

  test('that fails with any error logs the class of the error alone', async () => {
    const failure = new TypeError('secret-123');
    await expect(createHandler(async () => ({ reports: [], failure }))(scheduled)).rejects.toBe(failure);
    expect(lines.join()).toContain('"error_name":"TypeError"');
    expect(lines.join()).not.toContain('secret-123');
  });
});

describe('a refresh by deployment', () => {
  /** @returns what CloudFormation receives */
  async function deploy(
    type: 'Create' | 'Update' | 'Delete',
    refresh: Refresh = async () => ({ reports: [] }),
  ) {
    await using cloudFormation = await startCloudFormation();
    await createHandler(refresh)(createCustomResourceEvent(type, {}, cloudFormation.url));
    return cloudFormation.requests.map(({ body }) => body);
  }
  const succeeded = [{ Status: 'SUCCESS', PhysicalResourceId: 'provider-document-jwks' }];

  test.each([
    ['fetches at once', 'Create', [{ force: true }]],
    ['fetches at once', 'Update', [{ force: true }]],
    ['fetches nothing', 'Delete', []],
  ] as const)('%s at %s, and reports success', async (_, type, fetched) => {
    expect(await deploy(type)).toMatchObject(succeeded);
    expect(asked).toEqual(fetched);
  });

  test('fails the deployment with the reason when it fails', async () => {
    const answers = await deploy('Create', async () => ({ reports: [], failure: failed }));
    expect(asked).toHaveLength(1);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'no connection' }]);
  });

  test.each([
    [true, 'SUCCESS'],
    [false, 'FAILED'],
  ])('that fails while the stored copies are valid: %s, is a %s', async (hasValidCopies, status) => {
    const answers = await deploy('Update', async () => ({ reports: [], failure: failed, hasValidCopies }));
    expect(answers).toMatchObject([{ Status: status }]);
    expect(lines.join()).toContain('refresh_failed');
  });

  test('waits until the role of the function has its permissions', async () => {
    const cause = createAccessDenied();
    const failure = new RelyingPartyError('dynamodb_unavailable', 'Query failed', { cause });
    const answers = await deploy('Create', async () =>
      asked.length < 3 ? { reports: [], failure } : { reports: [] },
    );
    expect(asked).toHaveLength(3);
    expect(answers).toMatchObject(succeeded);
  });
});
