/** What of an AWS client the adapters use. */
export interface AwsSender<Client extends { send: unknown }> {
  readonly send: Client['send'];
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * An AWS client whose requests end with a signal, unless they come with one of their own: once it is aborted, none is
 * begun and none is repeated, and one that is under way rejects with the signal's reason.
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
