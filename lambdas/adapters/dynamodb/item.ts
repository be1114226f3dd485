import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { RelyingPartyError } from '../../core/errors.ts';

/** An item or a key in DynamoDB's JSON. */
export type Item = Record<string, AttributeValue>;

/** A string attribute. */
export function string(value: string): AttributeValue {
  return { S: value };
}

/** A number attribute. */
export function number(value: number): AttributeValue {
  return { N: String(value) };
}

/** The value of the time-to-live attribute: milliseconds, rounded up to seconds. */
export function timeToLive(milliseconds: number): AttributeValue {
  return number(Math.ceil(milliseconds / 1000));
}

/**
 * Reads the attributes of an item, which another version may have written. An attribute that is missing or of another type
 * is an error that names the table and the attribute, and never the value.
 */
export class ItemReader {
  readonly #table: string;
  readonly #item: Item;

  constructor(table: string, item: Item) {
    this.#table = table;
    this.#item = item;
  }

  has(name: string): boolean {
    return this.#item[name] !== undefined;
  }

  /** @throws RelyingPartyError `unexpected` when the attribute is not a string */
  string(name: string): string {
    const text: unknown = this.#item[name]?.S;
    return typeof text === 'string' ? text : this.#fail(name, 'a string');
  }

  /**
   * @throws RelyingPartyError `unexpected` when the attribute is not a whole number that JavaScript can hold
   */
  integer(name: string): number {
    const text: unknown = this.#item[name]?.N;
    const value = typeof text === 'string' ? Number(text) : Number.NaN;
    return Number.isSafeInteger(value) ? value : this.#fail(name, 'a whole number');
  }

  /** @throws RelyingPartyError `unexpected` when the attribute is not binary */
  bytes(name: string): Uint8Array {
    const bytes = this.#item[name]?.B;
    return bytes instanceof Uint8Array ? bytes : this.#fail(name, 'binary');
  }

  /** @throws RelyingPartyError `unexpected` when the attribute is not a string that `accepts` */
  oneOf<Value extends string>(name: string, accepts: (value: string) => value is Value): Value {
    const value = this.string(name);
    return accepts(value) ? value : this.#fail(name, 'a known value');
  }

  /**
   * @throws RelyingPartyError `unexpected` when the attribute is not a list of strings that `accepts`
   */
  listOf<Value extends string>(name: string, accepts: (value: string) => value is Value): readonly Value[] {
    const list: unknown = this.#item[name]?.L;
    if (!Array.isArray(list)) return this.#fail(name, 'a list');
    return list.map((element: AttributeValue | null) => {
      const value: unknown = element?.S;
      return typeof value === 'string' && accepts(value) ? value : this.#fail(name, 'a list of known values');
    });
  }

  #fail(name: string, expected: string): never {
    throw new RelyingPartyError(
      'unexpected',
      `table "${this.#table}" has an item whose attribute "${name}" is not ${expected}`,
    );
  }
}
