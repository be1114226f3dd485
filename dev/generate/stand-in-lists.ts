import { builtInPeople } from '../../stand-in/people/built-in-people.ts';

/** Lists the ids of the stand-in's people, for docs/stand-in.md. */
export function renderPeople(): string {
  return `${builtInPeople.map(({ id }) => `\`${id}\``).join(', ')}.`;
}
