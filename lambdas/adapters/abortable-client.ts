/** The part of an AWS client that the adapters use. */
export interface AwsSender<Client extends { send: unknown }> {
  readonly send: Client['send'];
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Binds an AWS client to a signal. Once that is aborted, no request begins or is repeated, and a request that is under way
 * rejects with the signal's reason. A request can have a signal of its own instead.
 */
export function untilAborted<Client extends { send: unknown }>(
  client: AwsSender<Client>,
  signal: AbortSignal,
): AwsSender<Client> {
  const sender = client as { send(command: unknown, options: SendOptions): Promise<unknown> };
  const sendUntilAborted = async (command: unknown, options: SendOptions = {}): Promise<unknown> => {
    const { abortSignal = signal } = options;
    abortSignal.throwIfAborted();
    try {
      return await sender.send(command, { ...options, abortSignal });
    } catch (error) {
      abortSignal.throwIfAborted();
      throw error;
    }
  };
  return { send: sendUntilAborted as Client['send'] };
}
