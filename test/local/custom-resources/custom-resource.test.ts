import { afterAll, describe, expect, test } from '@jest/globals';
import {
  customResourceHandlers,
  startResponseEndpoint,
} from '../../../local/custom-resources/custom-resource.ts';
import { FunctionRegistry } from '../../../local/functions/function-registry.ts';
import type { InvocationResult } from '../../../local/functions/local-function.ts';
import { createStack } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';
import { returned, stubArn, stubFunction } from '../support/stub-function.ts';

const responses = await startResponseEndpoint();
afterAll(() => responses.close());

interface CreateEvent {
  readonly ResponseURL: string;
  readonly [name: string]: unknown;
}

/** Creates one custom resource with this function. */
async function create(
  handle: (event: CreateEvent) => Promise<InvocationResult>,
  properties: JsonObject = {},
) {
  const functions = new FunctionRegistry();
  functions.add(stubFunction('Maker', (event) => handle(event as CreateEvent)));
  const Properties = { ServiceToken: stubArn('Maker'), ServiceTimeout: 120, ...properties };
  const template = { Resources: { Made: { Type: 'Custom::Thing', Properties } } };
  const stack = createStackIdentity('stack');
  const created = await createStack({
    template,
    stack,
    handlers: customResourceHandlers(functions, responses),
  });
  return { made: created.get('Made'), stack };
}

async function answer({ ResponseURL: url }: CreateEvent, body: unknown): Promise<InvocationResult> {
  const response = await fetch(url, {
    method: 'PUT',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return returned(response.status);
}

describe('a custom resource', () => {
  test('has the data of its response as attributes and the id as reference', async () => {
    const { made } = await create((event) =>
      answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'thing-1', Data: { n: 'modulus', count: 3 } }),
    );
    expect(made).toEqual({ ref: 'thing-1', attributes: { n: 'modulus', count: '3' } });
  });

  test('calls its function with the event of CloudFormation, scalars as strings', async () => {
    const events: CreateEvent[] = [];
    const { stack } = await create(
      (event) => {
        events.push(event);
        return answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'x' });
      },
      { KeyId: 'key', Version: 2, Nested: { flag: true, list: [1] } },
    );
    expect(events).toEqual([
      {
        RequestType: 'Create',
        ServiceToken: stubArn('Maker'),
        ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
        StackId: stack.id,
        RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        LogicalResourceId: 'Made',
        ResourceType: 'Custom::Thing',
        ResourceProperties: {
          ServiceToken: stubArn('Maker'),
          ServiceTimeout: '120',
          KeyId: 'key',
          Version: '2',
          Nested: { flag: 'true', list: ['1'] },
        },
      },
    ]);
  });

  test('is created when its function responds and then fails', async () => {
    const { made } = await create(async (event) => {
      await answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'thing-1' });
      return { kind: 'failed', errorType: 'Error', errorMessage: 'too late' };
    });
    expect(made?.ref).toBe('thing-1');
  });

  test.each<[string, (event: CreateEvent) => Promise<InvocationResult>, string]>([
    [
      'its response is FAILED',
      (event) => answer(event, { Status: 'FAILED', Reason: 'no such key' }),
      'no such key',
    ],
    ['its response has no id', (event) => answer(event, { Status: 'SUCCESS' }), 'no PhysicalResourceId'],
    ['its response is not JSON', (event) => answer(event, 'fine'), 'not valid JSON'],
    [
      'its response is longer than the limit of CloudFormation',
      (event) => answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'x'.repeat(4096) }),
      'longer than 4,096 bytes',
    ],
    ['its function ends without a response', async () => returned(null), 'it ended without a response'],
    [
      'its function fails',
      async () => ({ kind: 'failed', errorType: 'TypeError', errorMessage: 'oops' }),
      'TypeError: oops',
    ],
  ])('ends the start when %s', async (_name, handle, problem) => {
    await expect(create(handle)).rejects.toThrow('template: Made (Custom::Thing): could not be created: ');
    await expect(create(handle)).rejects.toThrow(problem);
  });

  test('ends the start when its function is not in the template', async () => {
    await expect(create(async () => returned(null), { ServiceToken: 'arn:elsewhere' })).rejects.toThrow(
      'Made (Custom::Thing), property ServiceToken: arn:elsewhere is not a function of this template',
    );
  });

  test('has an address for one response', async () => {
    const slot = responses.expect();
    const put = async (url: string | URL) =>
      (await fetch(url, { method: 'PUT', body: '{"Status":"SUCCESS"}' })).status;
    expect(await put(new URL('/other', slot.url))).toBe(403);
    expect(await put(slot.url)).toBe(200);
    expect(await put(slot.url)).toBe(403);
    await expect(slot.answer).resolves.toEqual({ Status: 'SUCCESS' });
  });
});
