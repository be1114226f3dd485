import { authenticationPeople } from './authentication-people.ts';
import { identityPeople } from './identity-people.ts';
import type { Person } from './person.ts';

const builtIn: readonly Person[] = [...authenticationPeople, ...identityPeople];

/** How a check at the Post Office went. */
export const inPersonResults = ['PROVED', 'NOT_PROVED'] as const;
export type InPersonResult = (typeof inPersonResults)[number];

/** Everybody whom one can sign in as, and how far their in-person checks are. */
export class People {
  #people = new Map(builtIn.map((person) => [person.id, person]));
  readonly #inPersonResults = new Map<string, InPersonResult>();

  get all(): readonly Person[] {
    return [...this.#people.values()];
  }

  find(id: string): Person | undefined {
    return this.#people.get(id);
  }

  findBySubject(sub: string): Person | undefined {
    return this.all.find((person) => person.sub === sub);
  }

  /** Adds somebody, in place of whoever has that id. */
  add(person: Person): void {
    this.#people.set(person.id, person);
  }

  /** Notes how a check at the Post Office went: from now on that is what the person's identity check comes to. */
  finishInPersonCheck(person: Person, result: InPersonResult): void {
    this.#inPersonResults.set(person.id, result);
  }

  /** @returns undefined when there was no such check */
  inPersonResultOf(person: Person): InPersonResult | undefined {
    return this.#inPersonResults.get(person.id);
  }

  /** Back to the people of the start, none of whom has been anywhere. */
  reset(): void {
    this.#people = new Map(builtIn.map((person) => [person.id, person]));
    this.#inPersonResults.clear();
  }
}
