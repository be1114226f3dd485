import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** The part of JSON Schema that `config/schema.json` uses, and our own annotations. */
export interface Schema {
  readonly $ref?: string;
  /** One plain paragraph: for editors, messages, types and the reference page. */
  readonly description?: string;
  /** Further paragraphs in Markdown, for the reference page only. */
  readonly details?: readonly string[];
  /** The name of the type in `deployment-config.ts`. */
  readonly typeName?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly enum?: readonly (string | number)[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly contains?: { readonly const: string };
  readonly default?: unknown;
  readonly format?: string;
  /** What the pattern allows, in words. Messages use it, and VS Code does. */
  readonly patternErrorMessage?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly definitions?: Readonly<Record<string, Schema>>;
}

/** `config/schema.json`, with its definitions inserted where they are referred to. */
export const configSchema: Schema = readSchema();

function readSchema(): Schema {
  const file = readFileSync(join(packageRoot, 'config/schema.json'), 'utf8');
  const { definitions, ...schema }: Schema = JSON.parse(file);
  return insertDefinitions(schema, { definitions });
}

function insertDefinitions<T>(node: T, root: object): T {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((entry) => insertDefinitions(entry, root)) as T;
  const { $ref, ...fields } = node as { readonly $ref?: string };
  const definition = $ref
    ?.split('/')
    .slice(1)
    .reduce<unknown>((found, key) => Object(found)[key], root);
  return Object.fromEntries(
    Object.entries({ ...Object(insertDefinitions(definition, root)), ...fields }).map(([key, value]) => [
      key,
      insertDefinitions(value, root),
    ]),
  ) as T;
}
