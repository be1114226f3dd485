import type { EmulatorFact } from './emulator.ts';
import { customResourcesNotRun, neverEmulated, typesNotEmulated } from './not-emulated.ts';

/** How a step went. */
export function reportStep(step: string, problems: readonly string[]): string {
  return [
    `${problems.length === 0 ? 'pass' : 'FAIL'}  ${step}`,
    ...problems.map((problem) => `      ${problem}`),
  ].join('\n');
}

/** What the emulator has left out, and where that is seen to. */
export function reportLimits(facts: readonly EmulatorFact[]): string {
  const ran = new Set(facts.flatMap(({ ran: type }) => type ?? []));
  const answered = new Set(facts.flatMap(({ answered: type }) => type ?? []));
  return [
    '',
    `Functions of custom resources that were run, from the deployed code: ${[...ran].join(', ') || 'none'}`,
    '',
    'What this rehearsal does not show, and what does:',
    ...[...answered].map((type) => `- ${type}: ${customResourcesNotRun[type]}`),
    ...Object.entries(typesNotEmulated).map(([type, where]) => `- ${type}: ${where}`),
    ...neverEmulated.map((limit) => `- ${limit}`),
  ].join('\n');
}
