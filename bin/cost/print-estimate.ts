import type { CostLine, Estimate } from './estimate.ts';
import type { Prices } from './prices.ts';

/** For people: what is paid for, how much of it, and what it comes to. */
export function formatEstimateAsText(
  { traffic, monthly }: Estimate,
  prices: Prices,
  signIns: number,
): string {
  return [
    `What comes with ${grouped(signIns)} sign-ins a month`,
    ...table(traffic, prices),
    '',
    'What a month costs besides, whether or not anybody signs in',
    ...table(monthly, prices),
    '',
    `Together ${money(sumCosts([...traffic, ...monthly]), prices)} a month, by prices of ${prices.region}, without free tiers and tax.`,
    'Prices change, and some of these are guesses: check the AWS price list, and pass your own by --prices.',
  ].join('\n');
}

/** For programs: everything unrounded. */
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

/** A line for each thing that is paid for, and their sum. */
export function table(lines: readonly CostLine[], prices: Prices): readonly string[] {
  const rows = lines.map(({ name, quantity, cost }) => {
    const { price, per, what } = prices.prices[name];
    const rate = per === 1 ? `${price}` : `${price} / ${grouped(per)}`;
    return [grouped(Number(quantity.toFixed(quantity < 100 ? 2 : 0))), what, rate, cost.toFixed(2)] as const;
  });
  const width = (column: 0 | 1 | 2 | 3) => Math.max(...rows.map((row) => row[column].length));
  const widths = [width(0), width(1), width(2), width(3)] as const;
  return [
    ...rows.map(
      ([quantity, what, rate, cost]) =>
        `  ${quantity.padStart(widths[0])}  ${what.padEnd(widths[1])}  × ${rate.padEnd(widths[2])}  ${cost.padStart(widths[3])}`,
    ),
    `  ${''.padStart(widths[0])}  ${'together'.padEnd(widths[1])}    ${''.padEnd(widths[2])}  ${sumCosts(lines).toFixed(2).padStart(widths[3])}`,
  ];
}

function money(amount: number, { currency }: Prices): string {
  return `${currency} ${amount.toFixed(2)}`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-GB');
}
