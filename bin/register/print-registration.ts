import type { FilledDraft } from './fill-draft.ts';
import type { Entry } from './registration.ts';

/** For programs: attribute → value. What a person has to decide is null. */
export function formatRegistrationAsJson(registration: readonly Entry[]): string {
  const members = registration.map(({ attribute, value }) => [attribute, value ?? null] as const);
  return JSON.stringify(Object.fromEntries(members), undefined, 2);
}

/** For people, to be copied into the admin tool. */
export function formatRegistrationAsText(registration: readonly Entry[]): string {
  return registration.map(describe).join('\n');
}

function describe({ label, attribute, value, note }: Entry): string {
  const values = value === undefined ? ['(for you to decide)'] : [value].flat().map(wordFor);
  return [
    `${label} (${attribute})${note === undefined ? '' : `: ${note}`}`,
    ...values.map((each) => `    ${each}`),
  ].join('\n');
}

function wordFor(value: string | boolean): string {
  if (typeof value === 'string') return value;
  return value ? 'yes (true)' : 'no (false)';
}

/** What was filled in, and what is left to do. */
export function formatDraft({ filled, open }: FilledDraft): string {
  return [
    `filled in: ${filled.join(', ') || 'nothing'}`,
    ...open.map(({ kind, attribute, message }) => `${kind}  ${attribute}: ${message}`),
    open.length === 0
      ? 'The document agrees with the config: send it back to One Login.'
      : 'See to these before you send it back to One Login.',
  ].join('\n');
}
