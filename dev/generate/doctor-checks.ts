import { checks } from '../../bin/doctor/examine.ts';

/** Lists the checks of the doctor, in their order. */
export function renderDoctorChecks(): string {
  return `${checks.map(({ id }) => `\`${id}\``).join(', ')}.`;
}
