import { afterEach, describe, expect, test } from '@jest/globals';
import { LocalFunction, type LocalFunctionOptions } from '../../../local/functions/local-function.ts';
import { writeBundle } from '../support/bundle.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = await temporaryDirectory();
const started: LocalFunction[] = [];
let lines: string[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
  lines = [];
});

async function start(source: string, options: Partial<LocalFunctionOptions> = {}): Promise<LocalFunction> {
  const created = new LocalFunction({
    logicalId: 'TestFunction',
    identity: {
      functionName: 'test-function',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-2:123456789012:function:test-function',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/test-function',
      logStreamName: '2026/01/01/[$LATEST]0123',
    },
    moduleUrl: await writeBundle(directory, source),
    exportName: 'handler',
    environment: { GREETING: 'hello' },
    timeout: 20_000,
    maximumConcurrency: 8,
    onLine: (line) => lines.push(line),
    ...options,
  });
  started.push(created);
  return created;
}

describe('a local function', () => {
  test('handles an event and answers by way of JSON', async () => {
    const echo = await start('export const handler = async (event) => ({ event, gone: undefined });');
    const event = { a: [1, undefined], b: undefined };
    await expect(echo.invoke(event)).resolves.toEqual({
      kind: 'returned',
      payload: { event: { a: [1, null] } },
    });
  });

  test('answers null when it returns nothing', async () => {
    const silent = await start('export const handler = async () => {};');
    await expect(silent.invoke({})).resolves.toEqual({ kind: 'returned', payload: null });
  });

  test('sees its own environment and nothing else', async () => {
    const reader = await start('export const handler = async () => process.env;');
    await expect(reader.invoke({})).resolves.toEqual({ kind: 'returned', payload: { GREETING: 'hello' } });
  });

  test('gets the context that Lambda gives', async () => {
    const reader = await start(
      'export const handler = async (_event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() });',
    );
    const result = await reader.invoke({});
    expect(result).toMatchObject({
      payload: {
        functionName: 'test-function',
        functionVersion: '$LATEST',
        invokedFunctionArn: 'arn:aws:lambda:eu-west-2:123456789012:function:test-function',
        memoryLimitInMB: '256',
        logGroupName: '/aws/lambda/test-function',
        awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        remaining: expect.any(Number),
      },
    });
    const { remaining } = Object(result).payload;
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(20_000);
  });

  test('keeps its state from one event to the next, as a warm function does', async () => {
    const counter = await start('let count = 0; export const handler = async () => ++count;');
    expect([await counter.invoke({}), await counter.invoke({})]).toMatchObject([
      { payload: 1 },
      { payload: 2 },
    ]);
  });

  test('has written its lines by the time that it answers', async () => {
    const writer = await start(
      "export const handler = async () => { console.log('one'); console.error('two'); process.stdout.write('thr'); process.stdout.write('ee\\n'); };",
    );
    await writer.invoke({});
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  test('reports an error that it throws, logs it as Lambda does, and lives on', async () => {
    const thrower = await start(
      "let count = 0; export const handler = async () => { count += 1; if (count === 1) throw new RangeError('too much'); return count; };",
    );
    await expect(thrower.invoke({})).resolves.toEqual({
      kind: 'failed',
      errorType: 'RangeError',
      errorMessage: 'too much',
    });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'ERROR',
      errorType: 'RangeError',
      errorMessage: 'too much',
    });
    await expect(thrower.invoke({})).resolves.toMatchObject({ payload: 2 });
  });

  test('is ended when its time is over, and starts anew for the next event', async () => {
    const sleeper = await start(
      'let count = 0; export const handler = async (event) => { count += 1; if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); return count; };',
      { timeout: 200 },
    );
    await expect(sleeper.invoke({})).resolves.toMatchObject({ payload: 1 });
    await expect(sleeper.invoke({ hang: true })).resolves.toMatchObject({
      kind: 'failed',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 0.20 seconds$/,
      ),
    });
    await expect(sleeper.invoke({})).resolves.toMatchObject({ payload: 1 });
  });

  test('is ended even when it never gives way', async () => {
    const spinner = await start('export const handler = async () => { for (;;); };', { timeout: 100 });
    await expect(spinner.invoke({})).resolves.toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test.each([
    [
      'ends its process',
      'process.exit(3)',
      'Runtime.ExitError',
      'the function ended its process with status 3',
    ],
    [
      'leaves a promise rejected behind',
      "Promise.reject(new Error('nobody waits')); await new Promise(() => {})",
      'Runtime.UnhandledError',
      'Error: nobody waits',
    ],
  ])('that %s fails, and starts anew', async (_name, statement, errorType, errorMessage) => {
    const breaker = await start(
      `export const handler = async (event) => { if (event.break) { ${statement}; } return 'well'; };`,
    );
    await expect(breaker.invoke({ break: true })).resolves.toEqual({
      kind: 'failed',
      errorType,
      errorMessage,
    });
    await expect(breaker.invoke({})).resolves.toMatchObject({ payload: 'well' });
  });

  test.each([
    ['can not be loaded', "throw new Error('broken bundle');", 'Error', 'broken bundle'],
    [
      'has no such export',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'there is no export handler',
    ],
  ])('whose bundle %s says so, every time', async (_name, source, errorType, errorMessage) => {
    const broken = await start(source);
    const failure = { kind: 'failed', errorType, errorMessage };
    await expect(broken.invoke({})).resolves.toEqual(failure);
    await expect(broken.invoke({})).resolves.toEqual(failure);
  });

  test('whose bundle takes for ever to load is given up', async () => {
    const slow = await start('await new Promise(() => setInterval(() => {}, 1000));', { initTimeout: 100 });
    await expect(slow.invoke({})).resolves.toMatchObject({ errorType: 'Runtime.InitTimeout' });
  });
});

describe('events that come at once', () => {
  const source = `
    import { threadId } from 'node:worker_threads';
    let busy = 0;
    export const handler = async () => {
      busy += 1;
      const atOnce = busy;
      await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      return { threadId, atOnce };
    };`;

  test('go to as many threads as are allowed, one at a time to each, and none is lost', async () => {
    const busy = await start(source, { maximumConcurrency: 3 });
    const results = await Promise.all(Array.from({ length: 20 }, () => busy.invoke({})));
    const payloads = results.map((result) => Object(result).payload);
    expect(new Set(payloads.map(({ threadId }) => threadId)).size).toBe(3);
    expect(payloads.every(({ atOnce }) => atOnce === 1)).toBe(true);
  });

  test('wait for a new thread when the one they waited for is gone', async () => {
    const fragile = await start(
      'export const handler = async (event) => { if (event.die) process.exit(1); return event.n; };',
      { maximumConcurrency: 1 },
    );
    const results = await Promise.all([
      fragile.invoke({ die: true }),
      fragile.invoke({ n: 1 }),
      fragile.invoke({ n: 2 }),
    ]);
    expect(results).toMatchObject([{ kind: 'failed' }, { payload: 1 }, { payload: 2 }]);
  });
});
