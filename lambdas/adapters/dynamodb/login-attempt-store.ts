import { randomUUID } from 'node:crypto';
import { RelyingPartyError } from '../../core/errors.ts';
import {
  type LoginAttempt,
  type LoginPurpose,
  loginPurposes,
  type RememberedAttempt,
} from '../../core/flow/login-attempt.ts';
import { trustedAddress } from '../../core/flow/return-to.ts';
import { isLanguage } from '../../core/language.ts';
import { isVectorOfTrust } from '../../core/one-login/vector-of-trust.ts';
import type { Abortable, AttemptLookup, LoginAttemptStore } from '../../core/ports.ts';
import { untilAborted } from '../abortable-client.ts';
import { PutItemCommand, UpdateItemCommand } from './commands.ts';
import { type Item, ItemReader, number, string, timeToLive } from './item.ts';
import { conditionalWrite, type DynamoDb, getItem, isItem, malformedAnswer } from './request.ts';

/**
 * Attempts in the table `login-attempts`: one item per attempt with the key `state_hash`. `valid_until` is the expiry in
 * milliseconds. `expires_at` is for DynamoDB's time to live, which deletes items late.
 */
export class DynamoDbLoginAttemptStore implements LoginAttemptStore, Abortable<LoginAttemptStore> {
  readonly #client: DynamoDb;
  readonly #tableName: string;

  constructor(client: DynamoDb, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  withSignal(signal: AbortSignal): LoginAttemptStore {
    return new DynamoDbLoginAttemptStore(untilAborted(this.#client, signal), this.#tableName);
  }

  async put(attempt: LoginAttempt): Promise<void> {
    const written = await conditionalWrite('PutItem of a login attempt', () =>
      this.#client.send(
        new PutItemCommand({
          TableName: this.#tableName,
          Item: buildItem(attempt),
          // The client repeats a request whose response was lost. With the same nonce, the item is the one that the first try
          // has stored.
          ConditionExpression: 'attribute_not_exists(state_hash) OR nonce = :nonce',
          ExpressionAttributeValues: { ':nonce': string(attempt.nonce) },
        }),
      ),
    );
    if (written === undefined) {
      throw new RelyingPartyError('unexpected', 'a login attempt with this state exists already');
    }
  }

  async read(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup> {
    const item = await getItem(this.#client, 'GetItem of a login attempt', this.#tableName, {
      state_hash: string(stateHash),
    });
    return item === undefined ? { kind: 'unknown' } : lookUp(item, browserHashes, now);
  }

  async markFailed(stateHash: string, browserHashes: readonly string[], now: number): Promise<boolean> {
    const { names, values } = nameBrowsers(browserHashes);
    const marked = await conditionalWrite('UpdateItem of a failed login attempt', () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: { state_hash: string(stateHash) },
          ConditionExpression: `browser_hash IN (${names}) AND valid_until > :now AND attribute_not_exists(consumed_at) AND attribute_not_exists(failed_at)`,
          UpdateExpression: 'SET failed_at = :now',
          ExpressionAttributeValues: { ...values, ':now': number(now) },
        }),
      ),
    );
    return marked !== undefined;
  }

  async consume(stateHash: string, browserHashes: readonly string[], now: number): Promise<AttemptLookup> {
    const { names, values } = nameBrowsers(browserHashes);
    const operation = 'UpdateItem of a login attempt';
    const taken = await conditionalWrite(operation, () =>
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#tableName,
          Key: { state_hash: string(stateHash) },
          // The client repeats a request whose response was lost. `call` distinguishes the repetition from a second callback.
          // The nonce and code verifier are kept, because the repetition must return them. No other call can.
          ConditionExpression: `browser_hash IN (${names}) AND valid_until > :now AND (attribute_not_exists(consumed_at) OR #call = :call)`,
          UpdateExpression: 'SET consumed_at = :now, #call = :call',
          ExpressionAttributeNames: { '#call': 'call' },
          ExpressionAttributeValues: {
            ...values,
            ':now': number(now),
            ':call': string(randomUUID()),
          },
          ReturnValues: 'ALL_OLD',
        }),
      ),
    );
    if (taken !== undefined) {
      if (!isItem(taken.Attributes)) throw malformedAnswer(operation);
      return { kind: 'found', attempt: readAttempt(new ItemReader(this.#tableName, taken.Attributes)) };
    }
    const lookup = await this.read(stateHash, browserHashes, now);
    // It was written between the two requests, so it did not exist for the first.
    return lookup.kind === 'found' ? { kind: 'unknown' } : lookup;
  }
}

/** The browsers that may change an attempt, as values of an expression and their names. */
function nameBrowsers(browserHashes: readonly string[]): { readonly names: string; readonly values: Item } {
  const values = Object.fromEntries(
    browserHashes.map((browserHash, index) => [`:browser${index}`, string(browserHash)]),
  );
  return { names: Object.keys(values).join(), values };
}

function lookUp(item: ItemReader, browserHashes: readonly string[], now: number): AttemptLookup {
  if (!browserHashes.includes(item.string('browser_hash')))
    return { kind: 'other_browser', ...readRemembered(item) };
  if (item.has('consumed_at')) return { kind: 'consumed', ...readRemembered(item) };
  if (item.integer('valid_until') <= now) return { kind: 'expired', ...readRemembered(item) };
  return { kind: 'found', attempt: readAttempt(item) };
}

/** The attributes that are kept after consumption. */
function readRemembered(item: ItemReader): RememberedAttempt {
  return {
    purpose: item.oneOf('purpose', isPurpose),
    vtr: item.listOf('vtr', isVectorOfTrust),
    ...(item.has('journey') && { journey: item.string('journey') }),
    ...(item.has('claims') && { requestedClaims: item.listOf('claims', isText) }),
    ...(item.has('subject_key') && { subjectKey: item.string('subject_key') }),
    returnTo: trustedAddress(item.string('return_to')),
    language: item.oneOf('language', isLanguage),
  };
}

function buildItem(attempt: LoginAttempt): Item {
  return {
    state_hash: string(attempt.stateHash),
    browser_hash: string(attempt.browserHash),
    nonce: string(attempt.nonce),
    code_verifier: string(attempt.codeVerifier),
    purpose: string(attempt.purpose),
    vtr: { L: attempt.vtr.map(string) },
    ...(attempt.maxAge !== undefined && { max_age: number(attempt.maxAge) }),
    ...(attempt.repeats && { repeats: number(1) }),
    ...(attempt.returnCodes && { return_codes: number(1) }),
    ...(attempt.journey !== undefined && { journey: string(attempt.journey) }),
    ...(attempt.requestedClaims !== undefined && { claims: { L: attempt.requestedClaims.map(string) } }),
    ...(attempt.subjectKey !== undefined && { subject_key: string(attempt.subjectKey) }),
    return_to: string(attempt.returnTo),
    language: string(attempt.language),
    created_at: number(attempt.createdAt),
    valid_until: number(attempt.expiresAt),
    expires_at: timeToLive(attempt.expiresAt),
  };
}

function readAttempt(item: ItemReader): LoginAttempt {
  return {
    stateHash: item.string('state_hash'),
    browserHash: item.string('browser_hash'),
    nonce: item.string('nonce'),
    codeVerifier: item.string('code_verifier'),
    ...(item.has('max_age') && { maxAge: item.integer('max_age') }),
    repeats: item.has('repeats'),
    returnCodes: item.has('return_codes'),
    ...readRemembered(item),
    ...(item.has('failed_at') && { failed: true }),
    createdAt: item.integer('created_at'),
    expiresAt: item.integer('valid_until'),
  };
}

function isText(value: string): value is string {
  return value.length > 0;
}

function isPurpose(value: string): value is LoginPurpose {
  return loginPurposes.some((purpose) => purpose === value);
}
