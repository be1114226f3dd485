import type fc from 'fast-check';

/** One way into the product, with what must hold for whatever comes that way. */
export interface Target<Input = unknown> {
  readonly name: string;
  /** What is sent. */
  readonly about: string;
  /** How many of a hundred inputs. */
  readonly share: number;
  readonly inputs: fc.Arbitrary<Input>;
  /** @throws when something does not hold */
  examine(input: Input): Promise<void>;
}
