import { createRequire } from 'node:module';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { pickKey, type TableName } from '../support/tables.ts';

/** An attribute in DynamoDB's JSON as it is on the wire: bytes are base64. */
type Value = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Value>>;
/** Everything that DynamoDB contains, by table and key. It never changes: a write returns other tables. */
export type Tables = ReadonlyMap<string, Item>;

/** What DynamoDB does with a request, at once. */
export interface Execution {
  readonly tables: Tables;
  readonly answer: unknown;
}

/** A request to DynamoDB. */
export interface Operation {
  /** The action, the table, and the kind of item, such as `PutItem sessions revoked-before`. */
  readonly label: string;
  readonly writes: boolean;
  /** Whether the answer includes every write that was answered before. */
  readonly isConsistent: boolean;
  /** @throws ConditionalCheckFailedException */
  execute(tables: Tables): Execution;
}

// biome-ignore lint/suspicious/noExplicitAny: a request as a parser without types leaves it
type Input = Record<string, any>;
type Expression = unknown;

/** Dynalite's parsers and evaluation of expressions, which the tests of the adapters rely on as well. */
const require = createRequire(import.meta.url);
const { validateExpressions } = require('dynalite/validations/index.js') as {
  validateExpressions(input: Input): string | undefined;
};
const { matchesExprFilter, mapPaths } = require('dynalite/db/index.js') as {
  matchesExprFilter(item: Item, expression: Expression): boolean;
  mapPaths(paths: unknown, item: Item): Item;
};

/** @param command such as `PutItemCommand` @param input as it is on the wire, see {@link toWire} */
export function prepareOperation(command: string, input: Input): Operation {
  const action = command.replace(/Command$/, '');
  const parse = (part: Input): Input => {
    const parsed = { ...part };
    const problem = validateExpressions(parsed);
    if (problem) throw new Error(`${action}: ${problem}`);
    return parsed;
  };
  const run = actions[action];
  if (run === undefined) throw new Error(`the tables do not support ${action}`);
  const requests: Input = input['RequestItems'] ?? { [input['TableName']]: undefined };
  const [table = ''] = Object.keys(requests);
  const parsed = action.startsWith('Batch') ? { ...input } : parse(input);
  return {
    label: [action, table, describeItem(parsed)].filter(Boolean).join(' '),
    writes: /Put|Update|Delete|Write/.test(action),
    isConsistent: (requests[table] ?? input)['ConsistentRead'] === true,
    execute: (tables) => run(tables, table as TableName, parsed),
  };
}

const actions: Readonly<Record<string, (tables: Tables, table: TableName, input: Input) => Execution>> = {
  GetItem: (tables, table, { Key }) => {
    const Item = tables.get(buildPath(table, Key));
    return { tables, answer: { ...(Item && { Item }), ConsumedCapacity: {} } };
  },
  BatchGetItem: (tables, table, { RequestItems }) => {
    const found = RequestItems[table].Keys.flatMap((key: Item) => tables.get(buildPath(table, key)) ?? []);
    return { tables, answer: { Responses: { [table]: found }, UnprocessedKeys: {} } };
  },
  Query: (tables, table, { _keyCondition, _projection, Limit = 1000 }) => {
    const items = [...tables]
      .filter(
        ([path, item]) => path.startsWith(`${table}|`) && matchesExprFilter(item, _keyCondition.expression),
      )
      .map(([, item]) => (_projection ? mapPaths(_projection.paths, item) : item));
    const page = items.slice(0, Limit);
    const last = page.length < items.length ? { LastEvaluatedKey: page.at(-1) } : {};
    return { tables, answer: { Items: page, ...last } };
  },
  PutItem: (tables, table, { Item, ...input }) => {
    check(tables.get(buildPath(table, Item)), input);
    return { tables: write(tables, table, Item, Item), answer: {} };
  },
  UpdateItem: (tables, table, { Key, _updates, ReturnValues, ...input }) => {
    const old = tables.get(buildPath(table, Key));
    check(old, input);
    const item: Record<string, Value> = { ...(old ?? Key) };
    for (const { type, path, val } of _updates.sections) {
      if (path.length !== 1) throw new Error('the tables do not support paths within an attribute');
      if (type === 'set' && !('type' in val) && !Array.isArray(val)) item[path[0]] = val;
      else if (type === 'remove') delete item[path[0]];
      else throw new Error(`the tables do not support ${type} of what is no value`);
    }
    const answer = ReturnValues === 'ALL_OLD' && old ? { Attributes: old } : {};
    return { tables: write(tables, table, Key, item), answer };
  },
  DeleteItem: (tables, table, { Key, ReturnValues, ...input }) => {
    const old = tables.get(buildPath(table, Key));
    check(old, input);
    const answer = ReturnValues === 'ALL_OLD' && old ? { Attributes: old } : {};
    return { tables: write(tables, table, Key, undefined), answer: { ...answer, ConsumedCapacity: {} } };
  },
  BatchWriteItem: (tables, table, { RequestItems }) => {
    let after = tables;
    for (const { DeleteRequest } of RequestItems[table])
      after = write(after, table, DeleteRequest.Key, undefined);
    return { tables: after, answer: { UnprocessedItems: {} } };
  },
};

function check(item: Item | undefined, { _condition }: Input): void {
  if (_condition === undefined || matchesExprFilter(item ?? {}, _condition.expression)) return;
  throw new ConditionalCheckFailedException({ $metadata: {}, message: 'The conditional request failed' });
}

function write(tables: Tables, table: TableName, key: Item, item: Item | undefined): Tables {
  const path = buildPath(table, key);
  if (item === undefined && !tables.has(path)) return tables;
  const written = new Map(tables);
  if (item === undefined) written.delete(path);
  else written.set(path, item);
  return written;
}

function buildPath(table: TableName, item: Item): string {
  const key = pickKey(table, item);
  return [
    table,
    ...Object.keys(key)
      .sort()
      .map((name) => key[name]?.['S']),
  ].join('|');
}

/** The part of a sort key that is the same for all items of a kind. */
function describeItem({ Key, Item, RequestItems, ExpressionAttributeValues }: Input): string {
  const keys = Object.values<Input>(RequestItems ?? {}).flatMap((requests) => requests['Keys'] ?? requests);
  const [first] = keys.map((request: Input) => request['DeleteRequest']?.Key ?? request);
  const sortKey = (Key ?? Item ?? first)?.item?.S ?? ExpressionAttributeValues?.[':prefix']?.S ?? '';
  return sortKey.split('#')[0];
}

/** A value as JSON on the wire has it. */
export function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => (part === undefined ? [] : [[name, toWire(part)]])),
  );
}

/** The reverse of {@link toWire}: a `B` becomes bytes. */
export function fromWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      name === 'B' && typeof part === 'string' ? new Uint8Array(Buffer.from(part, 'base64')) : fromWire(part),
    ]),
  );
}
