import type { AwsSender } from './aws/aws-service.ts';

/**
 * Binds an AWS client to a signal. Once that is aborted, no request begins or is repeated, and a request that is under way
 * rejects with the signal's reason. A request can have a signal of its own instead.
 */
export function untilAborted<Service extends string>(
  client: AwsSender<Service>,
  signal: AbortSignal,
): AwsSender<Service> {
  return {
    send: async (command, options = {}) => {
      const { abortSignal = signal } = options;
      abortSignal.throwIfAborted();
      try {
        return await client.send(command, { ...options, abortSignal });
      } catch (error) {
        abortSignal.throwIfAborted();
        throw error;
      }
    },
  };
}
