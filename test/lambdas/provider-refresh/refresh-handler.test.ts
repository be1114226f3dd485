import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CloudFormationCustomResourceEvent, ScheduledEvent } from 'aws-lambda';
import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import type { Refresh, RefreshOptions } from '../../../lambdas/core/flow/refresh-documents.ts';
import { createRefreshHandler } from '../../../lambdas/provider-refresh/refresh-handler.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';
import { TestClock } from '../../support/test-clock.ts';

const scheduled = { 'detail-type': 'Scheduled Event' } as ScheduledEvent;
const failed = new RelyingPartyError('provider_timed_out', 'no connection', { cause: new Error('secret') });

let clock: TestClock;
let lines: string[];
let asked: RefreshOptions[];
let answers: Record<string, unknown>[];
const closing: (() => void)[] = [];

beforeEach(() => {
  clock = new TestClock();
  lines = [];
  asked = [];
  answers = [];
});

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function chooseHandler(refresh: Refresh) {
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

const logged = () =>
  lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ _aws, deployment, ...rest }) => rest);

/** An event that CloudFormation, played by this process, awaits the answer to. */
async function customResourceEvent(RequestType: 'Create' | 'Update' | 'Delete') {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    answers.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return {
    RequestType,
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    LogicalResourceId: 'Refresh',
    PhysicalResourceId: 'provider-document-jwks',
    StackId: 'stack',
    RequestId: 'request',
  } as CloudFormationCustomResourceEvent;
}

describe('a refresh by schedule', () => {
  test('leaves fresh documents alone, and measures the age of each in seconds', async () => {
    await chooseHandler(async () => ({
      reports: [
        { document: 'discovery', age: 0 },
        { document: 'jwks', age: 61_499 },
      ],
    }))(scheduled);
    expect(asked).toEqual([{ force: false }]);
    expect(logged()).toEqual([
      { document: 'discovery', document_age: 0 },
      { document: 'jwks', document_age: 61 },
    ]);
  });

  test('tells of keys that have changed, with their ids', async () => {
    await chooseHandler(async () => ({ reports: [{ document: 'jwks', age: 0, changedKeyIds: ['a', 'b'] }] }))(
      scheduled,
    );
    expect(logged()).toEqual([
      { document: 'jwks', document_age: 0 },
      { level: 'info', event: 'key_set_changed', document: 'jwks', key_ids: ['a', 'b'] },
      { document: 'jwks', key_set_changed: 1 },
    ]);
  });

  test('that can not read the stored documents reports the age that they had when it last could', async () => {
    let result: Awaited<ReturnType<Refresh>> = { reports: [{ document: 'jwks', age: 1000 }] };
    const handler = chooseHandler(async () => result);
    await handler(scheduled);
    lines = [];
    clock.advance(300_000);
    result = { reports: [], failure: new RelyingPartyError('dynamodb_unavailable', 'Query failed') };
    await expect(handler(scheduled)).rejects.toMatchObject({ code: 'dynamodb_unavailable' });
    expect(logged()).toEqual([
      { document: 'jwks', document_age: 301 },
      { document: 'jwks', refresh_failed: 1 },
      expect.objectContaining({ event: 'refresh_failed', document: 'jwks', code: 'dynamodb_unavailable' }),
    ]);
  });

  test('that fails measures the age all the same, counts the failure and fails the invocation', async () => {
    const handler = chooseHandler(async () => ({
      reports: [{ document: 'jwks', age: 1000 }],
      failure: failed,
    }));
    await expect(handler(scheduled)).rejects.toBe(failed);
    expect(logged()).toEqual([
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

  test('that fails in a way that nobody foresaw logs the class of the error alone', async () => {
    const failure = new TypeError('secret-123');
    await expect(chooseHandler(async () => ({ reports: [], failure }))(scheduled)).rejects.toBe(failure);
    expect(lines.join()).toContain('"error_name":"TypeError"');
    expect(lines.join()).not.toContain('secret-123');
  });
});

describe('a refresh by deployment', () => {
  test.each(['Create', 'Update'] as const)(
    'fetches at once on %s, and tells CloudFormation',
    async (type) => {
      await chooseHandler(async () => ({ reports: [] }))(await customResourceEvent(type));
      expect(asked).toEqual([{ force: true }]);
      expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'provider-document-jwks' }]);
    },
  );

  test('fetches nothing for what is deleted', async () => {
    await chooseHandler(async () => ({ reports: [] }))(await customResourceEvent('Delete'));
    expect(asked).toEqual([]);
    expect(answers).toMatchObject([{ Status: 'SUCCESS', PhysicalResourceId: 'provider-document-jwks' }]);
  });

  test('that fails, fails the deployment, and says why', async () => {
    await chooseHandler(async () => ({ reports: [], failure: failed }))(await customResourceEvent('Create'));
    expect(asked).toHaveLength(1);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: 'no connection' }]);
  });

  test('waits until the role of the function may do what it needs', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const refusal = new RelyingPartyError('dynamodb_unavailable', 'Query failed', { cause: denied });
    const refresh: Refresh = async () =>
      asked.length < 3 ? { reports: [], failure: refusal } : { reports: [] };
    await chooseHandler(refresh)(await customResourceEvent('Create'));
    expect(asked).toHaveLength(3);
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
  });
});
