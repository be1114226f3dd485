import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../lambdas/core/ports.ts';

/** The `Date` header has no fractions of a second (RFC 9110, 5.6.7). */
const headerPrecision = 1000;

/**
 * The time by the clock of AWS, as DynamoDB's answers tell it. A revocation mark is compared with the functions'
 * time: by a slow clock of this machine it would be too early for callbacks under way, by a fast one it would
 * refuse sign-ins to come. Never before the last answer was sent, and at most a second ahead.
 */
export class AwsClock implements Clock {
  readonly #machine: Clock;
  #difference = 0;

  /**
   * @param client tells the time by each answer
   * @param machine this machine's clock, which goes on by itself in between
   */
  constructor(client: DynamoDBClient, machine: Clock) {
    this.#machine = machine;
    client.middlewareStack.add(
      (next) => async (request) => {
        const result = await next(request);
        this.#set(result.response);
        return result;
      },
      { step: 'deserialize', name: 'tellTime' },
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
