import { DynamoDbLoginAttemptStore } from '../../lambdas/adapters/dynamodb/login-attempt-store.ts';
import type { DynamoDb } from '../../lambdas/adapters/dynamodb/request.ts';
import { DynamoDbUserSessionStore } from '../../lambdas/adapters/dynamodb/user-session-store.ts';
import { describeLoginAttemptStore } from '../contract/login-attempt-store.contract.ts';
import { describeSessionStore } from '../contract/session-store.contract.ts';
import { fromWire, prepareOperation, type Tables, toWire } from './tables.ts';

let tables: Tables = new Map();
const client = {
  send: async (command: { input: object; constructor: { name: string } }) => {
    const input = toWire(command.input) as Record<string, unknown>;
    const execution = prepareOperation(command.constructor.name, input).execute(tables);
    tables = execution.tables;
    return fromWire(execution.answer);
  },
} as unknown as DynamoDb;

describeLoginAttemptStore(
  'The store of attempts over the tables of the model',
  () => new DynamoDbLoginAttemptStore(client, 'login-attempts'),
);
describeSessionStore(
  'The store of sessions over the tables of the model',
  () => new DynamoDbUserSessionStore(client, 'sessions'),
);
