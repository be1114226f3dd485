import type { AwsCall } from '../../local/aws/aws-call.ts';

type Attribute = Readonly<Record<string, unknown>>;
type Item = Readonly<Record<string, Attribute>>;

/** What a table holds, by its name. */
export type Tables = ReadonlyMap<string, readonly Item[]>;

/**
 * The request units of calls to DynamoDB (Amazon DynamoDB Developer Guide, "Read and write operations"): a write
 * counts each KB of the item as it was or as it is, whichever is larger; a consistent read counts each 4 KB. Each
 * item of a batch counts on its own, and so does what is not there.
 *
 * @param before the tables before the calls
 * @param after and after them
 */
export function requestUnits(
  calls: readonly AwsCall[],
  before: Tables,
  after: Tables,
): { readonly writeUnits: number; readonly readUnits: number } {
  const total = { writeUnits: 0, readUnits: 0 };
  const sizeAt = (table: string, key: Item) =>
    Math.max(
      ...[before, after].map((tables) =>
        measureItem((tables.get(table) ?? []).find((item) => has(item, key))),
      ),
    );
  for (const { action, input } of calls) {
    const {
      TableName: table = '',
      Key: key,
      Item: item,
      RequestItems: batch = {},
      ConsistentRead,
    } = Object(input);
    if (action === 'PutItem') total.writeUnits += kilobytes(measureItem(item), 1);
    else if (action === 'UpdateItem' || action === 'DeleteItem')
      total.writeUnits += kilobytes(sizeAt(table, key), 1);
    else if (action === 'BatchWriteItem') {
      for (const [name, requests] of Object.entries<readonly unknown[]>(batch)) {
        for (const request of requests) {
          total.writeUnits += kilobytes(sizeAt(name, Object(request).DeleteRequest?.Key ?? {}), 1);
        }
      }
    } else if (action === 'BatchGetItem') {
      for (const [name, request] of Object.entries(batch)) {
        const { Keys: keys, ConsistentRead: consistent } = Object(request);
        for (const each of keys) total.readUnits += kilobytes(sizeAt(name, each), 4) * (consistent ? 1 : 0.5);
      }
    } else if (action === 'GetItem') {
      total.readUnits += kilobytes(sizeAt(table, key), 4) * (ConsistentRead ? 1 : 0.5);
    } else if (action === 'Query') {
      const [value] = Object.values<Attribute>(Object(input).ExpressionAttributeValues ?? {});
      const found = (before.get(table) ?? []).filter((row) =>
        Object.values(row).some((each) => JSON.stringify(each) === JSON.stringify(value)),
      );
      const size = found.reduce((sum, row) => sum + measureItem(row), 0);
      total.readUnits += kilobytes(size, 4) * (ConsistentRead ? 1 : 0.5);
    } else if (action !== 'Sign') throw new Error(`it is not known what ${action} costs`);
  }
  return total;
}

function kilobytes(bytes: number, each: number): number {
  return Math.max(1, Math.ceil(bytes / (each * 1024)));
}

function has(item: Item, key: Item): boolean {
  return Object.entries(key).every(([name, value]) => JSON.stringify(item[name]) === JSON.stringify(value));
}

/** @returns bytes as DynamoDB counts them: names and values in UTF-8, numbers in two digits a byte */
export function measureItem(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value),
    0,
  );
}

function sizeOfValue({ S, N, B, L, SS, M }: Attribute): number {
  if (typeof S === 'string') return Buffer.byteLength(S);
  if (typeof N === 'string') return Math.ceil(N.length / 2) + 1;
  if (typeof B === 'string') return Buffer.from(B, 'base64').length;
  if (ArrayBuffer.isView(B)) return B.byteLength;
  if (Array.isArray(L)) return L.reduce((sum, each) => sum + 1 + sizeOfValue(each), 3);
  if (Array.isArray(SS)) return SS.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  if (M !== undefined) return 3 + Object.keys(Object(M)).length + measureItem(M as Item);
  throw new Error('an attribute is of a type that is not known here');
}
