import type { CostLine, Estimate } from './estimate.ts';
import type { Prices } from './prices.ts';

/** Formats the estimate for people: each item with its quantity and cost. */
export function formatEstimateAsText(
  { traffic, monthly }: Estimate,
  prices: Prices,
  signIns: number,
): string {
  return [
    `With ${formatNumber(signIns)} sign-ins a month`,
    ...formatCostTable(traffic, prices),
    '',
    'In every month, also without sign-ins',
    ...formatCostTable(monthly, prices),
    '',
    `Total: ${formatMoney(sumCosts([...traffic, ...monthly]), prices)} a month, with prices of ${prices.region}, without free tiers and tax.`,
    'Prices change, and some of these are guesses: check the AWS price list, and pass your own with --prices.',
  ].join('\n');
}

/** Formats the estimate for programs, without rounding. */
export function formatEstimateAsJson({ traffic, monthly }: Estimate, prices: Prices): string {
  const total = sumCosts([...traffic, ...monthly]);
  return JSON.stringify(
    { region: prices.region, currency: prices.currency, traffic, monthly, total },
    undefined,
    2,
  );
}

export function sumCosts(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { cost }) => sum + cost, 0);
}

/** Formats a line for each item, and the total. */
export function formatCostTable(lines: readonly CostLine[], prices: Prices): readonly string[] {
  const rows = lines.map(({ name, quantity, cost }) => {
    const { price, per, what } = prices.prices[name];
    const rate = per === 1 ? `${price}` : `${price} / ${formatNumber(per)}`;
    return [
      formatNumber(Number(quantity.toFixed(quantity < 100 ? 2 : 0))),
      what,
      rate,
      cost.toFixed(2),
    ] as const;
  });
  const width = (column: 0 | 1 | 2 | 3) => Math.max(...rows.map((row) => row[column].length));
  const widths = [width(0), width(1), width(2), width(3)] as const;
  return [
    ...rows.map(
      ([quantity, what, rate, cost]) =>
        `  ${quantity.padStart(widths[0])}  ${what.padEnd(widths[1])}  × ${rate.padEnd(widths[2])}  ${cost.padStart(widths[3])}`,
    ),
    `  ${''.padStart(widths[0])}  ${'total'.padEnd(widths[1])}    ${''.padEnd(widths[2])}  ${sumCosts(lines).toFixed(2).padStart(widths[3])}`,
  ];
}

function formatMoney(amount: number, { currency }: Prices): string {
  return `${currency} ${amount.toFixed(2)}`;
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-GB');
}
