import { describe, expect, test } from '@jest/globals';
import { untilAborted } from '../../../lambdas/adapters/abortable-client.ts';
import type { AwsSender, SendOptions } from '../../../lambdas/adapters/aws/aws-service.ts';
import { GetItemCommand } from '../../../lambdas/adapters/dynamodb/commands.ts';

const command = new GetItemCommand({ TableName: 'sessions', Key: {} });
const reason = new Error('the time is over');

/** A client that pays no attention to its signal. */
function createClient(send: (options: SendOptions) => Promise<unknown>) {
  const requests: SendOptions[] = [];
  const client = {
    send: (_command: unknown, options: SendOptions = {}) => {
      requests.push(options);
      return send(options);
    },
  } as AwsSender<'dynamodb'>;
  return { client, requests };
}

describe('a client for AWS that is bound to a signal', () => {
  test('sends nothing once the signal is aborted', async () => {
    const { client, requests } = createClient(async () => ({}));
    await expect(untilAborted(client, AbortSignal.abort(reason)).send(command)).rejects.toBe(reason);
    expect(requests).toEqual([]);
  });

  test('passes the signal on, or the one of the request', async () => {
    const { client, requests } = createClient(async () => ({}));
    const [own, other] = [new AbortController().signal, new AbortController().signal];
    const bound = untilAborted(client, own);
    await bound.send(command);
    await bound.send(command, { abortSignal: other });
    expect(requests[0]?.abortSignal).toBe(own);
    expect(requests[1]?.abortSignal).toBe(other);
  });

  test('rejects with the reason of the signal, whatever the client makes of it', async () => {
    const abort = new AbortController();
    const { client } = createClient(async () => {
      abort.abort(reason);
      throw new Error('aborted');
    });
    await expect(untilAborted(client, abort.signal).send(command)).rejects.toBe(reason);
  });

  test('rejects with the error of a request that failed before the signal', async () => {
    const failure = new Error('failed');
    const { client } = createClient(() => Promise.reject(failure));
    const { signal } = new AbortController();
    await expect(untilAborted(client, signal).send(command)).rejects.toBe(failure);
  });
});
