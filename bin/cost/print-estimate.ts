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
    'Each month, even without sign-ins',
    ...formatCostTable(monthly, prices),
    '',
    `Total: ${formatMoney(sumCosts([...traffic, ...monthly]), prices)} a month, with prices of ${prices.region}, without free tiers and tax.`,
    'Prices change, and some of these are guesses: check the AWS price list, and use your own with --prices.',
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

function sumCosts(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { cost }) => sum + cost, 0);
}

/** Formats a line for each item, and the total. */
export function formatCostTable(lines: readonly CostLine[], prices: Prices): readonly string[] {
  const rows = lines.map(({ name, quantity, cost }) => {
    const { price, per, what } = prices.prices[name];
    const rate = per === 1 ? `× ${price}` : `× ${price} / ${formatNumber(per)}`;
    return [formatNumber(Number(quantity.toFixed(quantity < 100 ? 2 : 0))), what, rate, cost.toFixed(2)];
  });
  const table = [...rows, ['', 'total', '', sumCosts(lines).toFixed(2)]];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => {
    // Numbers are on the right of their column, words on the left.
    const cells = row.map((cell, column) =>
      column === 0 || column === 3 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    return `  ${cells.join('  ')}`;
  });
}

function formatMoney(amount: number, { currency }: Prices): string {
  return `${currency} ${amount.toFixed(2)}`;
}

function formatNumber(value: number): string {
  return value.toLocaleString('en-GB');
}
