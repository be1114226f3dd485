import { type ErrorDefinition, errorTable } from '../../lambdas/core/errors.ts';
import { errorMeanings } from './error-meanings.ts';

/** Who acts, and what is worth knowing about all errors of this kind. */
const faults: Readonly<Record<ErrorDefinition['fault'], readonly [actor: string, note: string]>> = {
  caller: ['the user or another client', 'Only a sudden rise is unusual. Log level: `info`.'],
  claimed: [
    'One Login or you, if it is true',
    'Anyone can write these into their own callback URL. So they count once per attempt and call nobody. Log level: `warn`.',
  ],
  provider: ['One Login', 'Look at its status page. Report what lasts. Log level: `error`.'],
  aws: ['AWS, or your quotas', 'Log level: `error`.'],
  configuration: ['you', 'Compare the config and the registration at One Login. Log level: `error`.'],
};

/** Lists all errors by who acts, then by response. Codes with the same response and meaning share an entry. */
export function renderErrorList(): string {
  const groups = new Map<string, Map<string, string[]>>();
  for (const code of Object.keys(errorTable) as (keyof typeof errorTable)[]) {
    const group = describeGroup(errorTable[code]);
    const entries = groups.get(group) ?? new Map<string, string[]>();
    entries.set(errorMeanings[code], [...(entries.get(errorMeanings[code]) ?? []), `\`${code}\``]);
    groups.set(group, entries);
  }
  return Object.entries(faults)
    .flatMap(([fault, [actor, note]]) => [
      `### \`${fault}\`: ${actor}`,
      note,
      ...[...groups]
        .filter(([group]) => group.startsWith(`${fault} `))
        .map(([group, entries]) => `${group.slice(fault.length + 1)}\n\n${renderEntries(entries)}`),
    ])
    .join('\n\n');
}

function describeGroup({ fault, status, page, retryAfter }: ErrorDefinition): string {
  const wait = retryAfter === undefined ? '' : `, \`Retry-After\` ${retryAfter}`;
  return `${fault} ${status}, \`${page}\`${wait}:`;
}

function renderEntries(entries: ReadonlyMap<string, readonly string[]>): string {
  return [...entries].map(([meaning, codes]) => `- ${codes.join(', ')}: ${meaning}`).join('\n');
}
