const pattern = /^rate\(([1-9]\d*) (minutes?|hours?|days?)\)$/;
const milliseconds = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Reads a rate such as `rate(15 minutes)`.
 *
 * @returns the interval in milliseconds; undefined for anything else, cron expressions too
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readRate(expression: string): number | undefined {
  const [, amount, unit] = pattern.exec(expression) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const plural = unit.endsWith('s');
  if (plural === (amount === '1')) return undefined;
  const singular = plural ? unit.slice(0, -1) : unit;
  return Number(amount) * milliseconds[singular as keyof typeof milliseconds];
}
