import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The key of each table. */
export const tableKeys = {
  'login-attempts': ['state_hash'],
  sessions: ['subject_key', 'item'],
  'provider-documents': ['partition', 'item'],
} as const;

export type TableName = keyof typeof tableKeys;
export const tableNames = Object.keys(tableKeys) as TableName[];

/** @param key the attributes of the key, which are strings */
export function buildTable(TableName: string, key: readonly string[]) {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: key.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: key.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
  } satisfies CreateTableCommandInput;
}

/** The key of an item in a table. */
export function pickKey<Value>(table: TableName, item: Readonly<Record<string, Value>>) {
  const key: readonly string[] = tableKeys[table];
  return Object.fromEntries(Object.entries(item).filter(([name]) => key.includes(name)));
}
