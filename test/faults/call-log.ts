import { setImmediate } from 'node:timers/promises';
import type { ServiceName } from './faults.ts';

/** A call of a flow, and what distinguishes it from the others. */
export interface DependencyCall {
  readonly service: ServiceName;
  /** Such as `PutItem`, or the endpoint of One Login. */
  readonly action: string;
  /** What it is about, such as `a session`; empty where the action is enough. */
  readonly about: string;
  /** Action and subject, with a number from the second such call on. */
  readonly label: string;
}

/** The calls that one instance of the functions makes: one for each call of a client, however often it is tried. */
export class CallLog {
  readonly calls: DependencyCall[] = [];
  /** Calls that began, and writes that were carried out, after the caller had its response. */
  readonly late: string[] = [];
  readonly #pending = new Set<string>();
  #answered = false;

  /** @returns what to call when it is over */
  begin(service: ServiceName, action: string, about: string): { label: string; end: () => void } {
    const name = about === '' ? action : `${action} of ${about}`;
    const earlier = this.calls.filter((call) => call.action === action && call.about === about).length;
    const label = earlier === 0 ? name : `${name} (${earlier + 1})`;
    this.calls.push({ service, action, about, label });
    if (this.#answered) this.late.push(`${label} began`);
    const key = `${label}, call ${this.calls.length}`;
    this.#pending.add(key);
    return { label, end: () => this.#pending.delete(key) };
  }

  /** Called when a write is carried out. */
  carriedOut(label: string): void {
    if (this.#answered) this.late.push(`${label} was carried out`);
  }

  /** Called when the caller has its response: nothing may happen until the next request. */
  answered(): void {
    this.#answered = true;
  }

  /** The next request may make calls again. */
  nextRequest(): void {
    this.#answered = false;
  }

  /**
   * Resolves when nothing is pending and nothing follows.
   *
   * @param until when the caller stops waiting, by `performance.now()`
   * @returns what is still pending then
   */
  async settled(until: number): Promise<readonly string[]> {
    for (let quiet = 0; quiet < 20 && performance.now() < until; quiet += 1) {
      await setImmediate();
      if (this.#pending.size > 0) quiet = 0;
    }
    return [...this.#pending];
  }
}

/** What a call of DynamoDB is about, by its input. */
export function describeSubject(input: unknown): string {
  const { TableName, Key, Item, RequestItems } = Object(input) as Record<
    string,
    Record<string, { readonly S?: string; readonly Keys?: unknown }> | undefined
  >;
  if (RequestItems?.['sessions']?.Keys !== undefined) return 'the marks';
  const key = Key ?? Item;
  const item = key?.['item']?.S ?? '';
  switch (String(TableName ?? 'sessions')) {
    case 'login-attempts':
      return key?.['state_hash']?.S?.startsWith('place#') ? 'the place' : 'the attempt';
    case 'provider-documents':
      if (item === '') return 'documents';
      return item.includes('#') ? 'the budget' : `document ${item}`;
    default:
      if (item === '') return 'sessions';
      if (item.startsWith('session#')) return 'a session';
      return item.startsWith('jti#') ? 'the jti' : 'the mark';
  }
}
