import { type ErrorDefinition, errorTable } from '../../lambdas/core/errors.ts';
import { errorMeanings } from './error-meanings.ts';

const faultTitles: Readonly<Record<ErrorDefinition['fault'], string>> = {
  caller: 'The user or another client',
  claimed: 'One Login or you, if it is true',
  provider: 'One Login',
  aws: 'AWS',
  configuration: 'You',
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
  return Object.entries(faultTitles)
    .flatMap(([fault, title]) => [
      `### ${title} (\`${fault}\`)`,
      ...[...groups]
        .filter(([group]) => group.startsWith(`${fault} `))
        .map(([group, entries]) => `${group.slice(fault.length + 1)}\n\n${renderEntries(entries)}`),
    ])
    .join('\n\n');
}

function describeGroup({ fault, status, page, retryAfter }: ErrorDefinition): string {
  const wait = retryAfter === undefined ? '' : `, \`Retry-After\` ${retryAfter}`;
  return `${fault} ${status}, page \`${page}\`${wait}:`;
}

function renderEntries(entries: ReadonlyMap<string, readonly string[]>): string {
  return [...entries].map(([meaning, codes]) => `- ${codes.join(', ')}: ${meaning}`).join('\n');
}
