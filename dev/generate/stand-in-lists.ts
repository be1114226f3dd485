import {
  authorizationErrorNames,
  coreIdentityFaults,
  idTokenFaults,
  logoutTokenFaults,
  userinfoFaults,
} from '../../stand-in/index.ts';
import { signatureFaults } from '../../stand-in/keys/token-faults.ts';
import { builtInPeople } from '../../stand-in/people/built-in-people.ts';

/** Lists the ids of the stand-in's people, for docs/stand-in.md. */
export function renderPeople(): string {
  return `${joinNames(builtInPeople.map(({ id }) => id))}.`;
}

/** Lists the errors and faults that the stand-in can produce, for docs/stand-in.md. */
export function renderFaults(): string {
  const withoutSignature = (faults: readonly string[]) =>
    faults.filter((fault) => !signatureFaults.some((each) => each === fault));
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['errors at the redirect URI', authorizationErrorNames],
    ['header or signature of a token, one at a time', signatureFaults],
    ['ID token', withoutSignature(idTokenFaults)],
    ['core identity', withoutSignature(coreIdentityFaults)],
    ['logout token', withoutSignature(logoutTokenFaults)],
    ['userinfo', userinfoFaults],
  ];
  return lists.map(([title, names]) => `- ${title}: ${joinNames(names)}`).join('\n');
}

function joinNames(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
