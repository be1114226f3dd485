import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../lambdas/core/ports.ts';

/** The `Date` header has no fractions of a second (RFC 9110, 5.6.7). */
const headerPrecision = 1000;

/**
 * The clock of AWS, from the dates of DynamoDB's responses. Functions compare a revocation mark with their own time. If
 * the clock of this machine were slow, the mark would be too early for callbacks under way; if it were fast, the mark
 * would refuse later sign-ins. The time is never before the last response, and at most a second ahead.
 */
export class AwsClock implements Clock {
  readonly #machine: Clock;
  #difference = 0;

  /**
   * @param client the client whose responses have the time
   * @param machine this machine's clock, for the time between responses
   */
  constructor(client: DynamoDBClient, machine: Clock) {
    this.#machine = machine;
    client.middlewareStack.add(
      (next) => async (request) => {
        const result = await next(request);
        this.#set(result.response);
        return result;
      },
      { step: 'deserialize', name: 'readTime' },
    );
  }

  now(): number {
    return this.#machine.now() + this.#difference;
  }

  wait(milliseconds: number): Promise<void> {
    return this.#machine.wait(milliseconds);
  }

  #set(response: unknown): void {
    const { headers } = response as { readonly headers?: Readonly<Record<string, string>> };
    const time = Date.parse(headers?.['date'] ?? '');
    if (!Number.isNaN(time)) this.#difference = time + headerPrecision - this.#machine.now();
  }
}
