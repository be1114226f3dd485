import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { LocalFunction, type LocalFunctionOptions } from '../../../local/functions/local-function.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = await temporaryDirectory();
const started: LocalFunction[] = [];
let bundles = 0;
let lines: string[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.close()));
  lines = [];
});

async function start(source: string, options: Partial<LocalFunctionOptions> = {}): Promise<LocalFunction> {
  bundles += 1;
  const file = path.join(directory, `bundle-${bundles}.mjs`);
  await writeFile(file, source);
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
    moduleUrl: pathToFileURL(file).href,
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
  test('converts its event and its result to JSON and back', async () => {
    const echo = await start('export const handler = async (event) => ({ event, gone: undefined });');
    const event = { a: [1, undefined], b: undefined };
    await expect(echo.invoke(event)).resolves.toEqual({
      kind: 'returned',
      payload: { event: { a: [1, null] } },
    });
  });

  test('returns null when its handler returns nothing', async () => {
    const silent = await start('export const handler = async () => {};');
    await expect(silent.invoke({})).resolves.toEqual({ kind: 'returned', payload: null });
  });

  test('has only its own environment variables', async () => {
    const reader = await start('export const handler = async () => process.env;');
    await expect(reader.invoke({})).resolves.toEqual({ kind: 'returned', payload: { GREETING: 'hello' } });
  });

  test('has little room for what it no longer needs, so that many threads fit into the memory of the machine', async () => {
    const reader = await start(
      "import { resourceLimits } from 'node:worker_threads'; export const handler = async () => resourceLimits;",
    );
    await expect(reader.invoke({})).resolves.toMatchObject({
      payload: { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 128 },
    });
  });

  test('frees what it no longer needs after 200 events', async () => {
    const keeper = await start(`
      let first;
      export const handler = async () => {
        first ??= new WeakRef(Buffer.alloc(100));
        return first.deref() === undefined ? 'freed' : 'kept';
      };`);
    for (let events = 0; events < 200; events += 1) {
      expect(await keeper.invoke({})).toMatchObject({ payload: 'kept' });
    }
    expect(await keeper.invoke({})).toMatchObject({ payload: 'freed' });
  });

  test('gets the context of Lambda', async () => {
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

  test('keeps its state between events', async () => {
    const counter = await start('let count = 0; export const handler = async () => ++count;');
    expect([await counter.invoke({}), await counter.invoke({})]).toMatchObject([
      { payload: 1 },
      { payload: 2 },
    ]);
  });

  test('has written its lines before it returns', async () => {
    const writer = await start(
      "export const handler = async () => { console.log('one'); console.error('two'); process.stdout.write('thr'); process.stdout.write('ee\\n'); };",
    );
    await writer.invoke({});
    expect(lines.sort()).toEqual(['one', 'three', 'two']);
  });

  test('returns and logs an error that it throws, and keeps its state', async () => {
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

  test('ends when its time is over, and starts again for the next event', async () => {
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

  test('ends when its time is over even if it never waits', async () => {
    const spinner = await start('export const handler = async () => { for (;;); };', { timeout: 100 });
    await expect(spinner.invoke({})).resolves.toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test.each([
    ['exits', 'process.exit(3)', 'Runtime.ExitError', 'the function ended its process with status 3'],
    [
      'has an unhandled rejection',
      "Promise.reject(new Error('nobody waits')); await new Promise(() => {})",
      'Runtime.UnhandledError',
      'Error: nobody waits',
    ],
  ])('fails when it %s, and starts again', async (_name, statement, errorType, errorMessage) => {
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
    ['cannot be loaded', "throw new Error('broken bundle');", 'Error', 'broken bundle'],
    [
      'does not have the export',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'there is no export handler',
    ],
  ])('fails for every event when its bundle %s', async (_name, source, errorType, errorMessage) => {
    const broken = await start(source);
    const failure = { kind: 'failed', errorType, errorMessage };
    await expect(broken.invoke({})).resolves.toEqual(failure);
    await expect(broken.invoke({})).resolves.toEqual(failure);
  });

  test('fails when its bundle does not load in time', async () => {
    const slow = await start('await new Promise(() => setInterval(() => {}, 1000));', { initTimeout: 100 });
    await expect(slow.invoke({})).resolves.toMatchObject({ errorType: 'Runtime.InitTimeout' });
  });
});

describe('a local function with several events at the same time', () => {
  const threads = path.join(directory, 'threads');
  /** Waits until three threads have an event. */
  const source = `
    import { mkdirSync, readdirSync } from 'node:fs';
    import { threadId } from 'node:worker_threads';
    let busy = 0;
    export const handler = async () => {
      busy += 1;
      const atOnce = busy;
      mkdirSync(${JSON.stringify(threads)} + '/' + threadId, { recursive: true });
      while (readdirSync(${JSON.stringify(threads)}).length < 3) await new Promise((resolve) => setImmediate(resolve));
      busy -= 1;
      return { threadId, atOnce };
    };`;

  test('handles all of them in as many threads as are allowed, one at a time in each', async () => {
    const busy = await start(source, { maximumConcurrency: 3 });
    const results = await Promise.all(Array.from({ length: 20 }, () => busy.invoke({})));
    const payloads = results.map((result) => Object(result).payload);
    expect(new Set(payloads.map(({ threadId }) => threadId)).size).toBe(3);
    expect(payloads.every(({ atOnce }) => atOnce === 1)).toBe(true);
  });

  test('gives a waiting event to the thread that is idle first, not to the one that was started for it', async () => {
    const loaded = path.join(directory, 'loaded');
    const busy = await start(`
      import { mkdirSync } from 'node:fs';
      try {
        mkdirSync(${JSON.stringify(loaded)});
      } catch {
        await new Promise(() => setInterval(() => {}, 1000));
      }
      export const handler = async (event) => event;`);
    const results = await Promise.all([busy.invoke(1), busy.invoke(2)]);
    expect(results).toMatchObject([{ payload: 1 }, { payload: 2 }]);
  });

  test('fails the events that wait when it is closed, and starts no more threads', async () => {
    let started = 0;
    const closed = await start('export const handler = async () => {};', {
      maximumConcurrency: 1,
      onStart: () => {
        started += 1;
      },
    });
    const waiting = Promise.all([closed.invoke({}), closed.invoke({})]);
    await closed.close();
    const failures = [...(await waiting), await closed.invoke({})];
    expect(failures.map((failure) => Object(failure).errorMessage)).toEqual(
      Array(3).fill('the function was removed'),
    );
    expect(started).toBe(1);
  });

  test('starts a new thread for a waiting event when its thread has ended', async () => {
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
