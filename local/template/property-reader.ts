import { TemplateError } from '../start-error.ts';
import { intrinsicName, type ResolutionScope, resolveIntrinsics } from './intrinsics.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * Reads the properties of one resource, and records which have been read: a property that the handler neither reads nor
 * ignores ends the start. Values are resolved when they are read, so that an ignored property may refer to something that
 * does not exist here.
 */
export class PropertyReader {
  readonly #properties: JsonObject;
  readonly #scope: ResolutionScope;
  readonly #logicalId: string;
  readonly #path: string;
  readonly #known = new Set<string>();
  readonly #nested: PropertyReader[] = [];

  constructor(properties: JsonObject, scope: ResolutionScope, logicalId: string, path = '') {
    this.#properties = properties;
    this.#scope = scope;
    this.#logicalId = logicalId;
    this.#path = path;
  }

  /** Accepts properties that change nothing locally. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#known.add(name);
  }

  string(name: string): string {
    return this.optionalString(name) ?? this.fail(name, 'is required');
  }

  optionalString(name: string): string | undefined {
    const value = this.json(name);
    if (value === undefined || typeof value === 'string') return value;
    return typeof value === 'number' ? String(value) : this.fail(name, 'is not a string');
  }

  /**
   * One of a few words.
   *
   * @param otherwise the value when it is absent; without it the property is required
   */
  oneOf<const Word extends string>(name: string, words: readonly Word[], otherwise?: Word): Word {
    const value = this.optionalString(name) ?? otherwise ?? this.fail(name, 'is required');
    return (
      words.find((word) => word === value) ?? this.fail(name, `"${value}" is none of ${words.join(', ')}`)
    );
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.fail(name, 'is required');
  }

  optionalNumber(name: string): number | undefined {
    const value = this.json(name);
    return value === undefined || typeof value === 'number' ? value : this.fail(name, 'is not a number');
  }

  /** A list of strings; empty when it is absent. */
  strings(name: string): string[] {
    const value = this.json(name) ?? [];
    if (isJsonList(value) && value.every((item) => typeof item === 'string')) return [...value];
    return this.fail(name, 'is not a list of strings');
  }

  /** An object whose keys are free and whose values are strings; empty when it is absent. */
  stringMap(name: string): Record<string, string> {
    const value = this.json(name) ?? {};
    if (!isJsonObject(value)) return this.fail(name, 'is not an object');
    const entries = Object.entries(value).map(([key, item]): [string, string] => {
      if (typeof item === 'object') return this.fail(`${name}.${key}`, 'is not a string');
      return [key, String(item)];
    });
    return Object.fromEntries(entries);
  }

  object(name: string): PropertyReader {
    return this.optionalObject(name) ?? this.fail(name, 'is required');
  }

  optionalObject(name: string): PropertyReader | undefined {
    const value = this.#read(name);
    return value === undefined ? undefined : this.#reader(name, value);
  }

  /** A list of objects; empty when it is absent. */
  objects(name: string): PropertyReader[] {
    const value = this.#read(name) ?? [];
    if (!isJsonList(value)) return this.fail(name, 'is not a list');
    return value.map((item, index) => this.#reader(`${name}[${index}]`, item));
  }

  /** The value as it is, intrinsic functions evaluated. */
  json(name: string): Json | undefined {
    const value = this.#read(name);
    return value === undefined ? undefined : this.#resolve(name, value);
  }

  /** Every property, intrinsic functions evaluated. */
  all(): Record<string, Json> {
    return Object.fromEntries(Object.keys(this.#properties).map((name) => [name, this.json(name) ?? null]));
  }

  /** @throws TemplateError naming the first property that was neither read nor ignored */
  end(): void {
    const unknown = Object.keys(this.#properties).find((name) => !this.#known.has(name));
    if (unknown !== undefined) this.fail(unknown, 'the local environment does not understand it');
    for (const nested of this.#nested) nested.end();
  }

  /** @throws TemplateError about one property */
  fail(name: string, problem: string): never {
    throw new TemplateError({ logicalId: this.#logicalId, property: this.#buildPath(name) }, problem);
  }

  #read(name: string): Json | undefined {
    this.#known.add(name);
    return this.#properties[name];
  }

  #resolve(name: string, value: Json): Json {
    const property = this.#buildPath(name);
    return resolveIntrinsics(value, this.#scope, { logicalId: this.#logicalId, property });
  }

  #reader(name: string, value: Json): PropertyReader {
    if (!isJsonObject(value) || intrinsicName(value) !== undefined)
      return this.fail(name, 'is not an object');
    const nested = new PropertyReader(value, this.#scope, this.#logicalId, this.#buildPath(name));
    this.#nested.push(nested);
    return nested;
  }

  #buildPath(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
