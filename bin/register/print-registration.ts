import type { FilledDraft } from './fill-draft.ts';
import type { Entry } from './registration.ts';

/** Formats the registration for programs: attribute → value, null if a person has to decide. */
export function formatRegistrationAsJson(registration: readonly Entry[]): string {
  const members = registration.map(({ attribute, value }) => [attribute, value ?? null] as const);
  return JSON.stringify(Object.fromEntries(members), undefined, 2);
}

/** Formats the registration for people, who copy it into the admin tool. */
export function formatRegistrationAsText(registration: readonly Entry[]): string {
  return registration.map(formatEntry).join('\n');
}

function formatEntry({ label, attribute, value, note }: Entry): string {
  const values = value === undefined ? ['(for you to decide)'] : [value].flat().map(formatValue);
  return [
    `${label} (${attribute})${note === undefined ? '' : `: ${note}`}`,
    ...values.map((each) => `    ${each}`),
  ].join('\n');
}

function formatValue(value: string | boolean): string {
  if (typeof value === 'string') return value;
  return value ? 'yes (true)' : 'no (false)';
}

/** Formats what was filled in, and what is left to do. */
export function formatDraft({ filled, open }: FilledDraft): string {
  return [
    `filled in: ${filled.join(', ') || 'nothing'}`,
    ...open.map(({ kind, attribute, message }) => `${kind}  ${attribute}: ${message}`),
    open.length === 0
      ? 'The document matches the config: send it back to One Login.'
      : 'Solve these before you send it back to One Login.',
  ].join('\n');
}
