import { builtInPeople } from './built-in-people.ts';
import type { Person } from './person.ts';

/** The result of a check at the Post Office. */
export const inPersonResults = ['PROVED', 'NOT_PROVED'] as const;
export type InPersonResult = (typeof inPersonResults)[number];

/** The people of the sign-in page, and the results of their in-person checks. */
export class People {
  #people = buildMap();
  readonly #inPersonResults = new Map<string, InPersonResult>();

  get all(): readonly Person[] {
    return [...this.#people.values()];
  }

  find(id: string): Person | undefined {
    return this.#people.get(id);
  }

  /** Adds a person, or replaces the person with that id. */
  add(person: Person): void {
    this.#people.set(person.id, person);
  }

  /** Stores the result of a check at the Post Office, which is the outcome of the person's next identity checks. */
  finishInPersonCheck(person: Person, result: InPersonResult): void {
    this.#inPersonResults.set(person.id, result);
  }

  /** @returns undefined when there was no such check */
  findInPersonResult(person: Person): InPersonResult | undefined {
    return this.#inPersonResults.get(person.id);
  }

  /** Restores the people of the start, without results. */
  reset(): void {
    this.#people = buildMap();
    this.#inPersonResults.clear();
  }
}

function buildMap() {
  return new Map(builtInPeople.map((person) => [person.id, person]));
}
