import { readFileSync } from 'node:fs';
import { CommandError } from '../command.ts';

/** Everything that is paid for, by what one of it is. */
export const priceNames = [
  'apiRequest',
  'invocation',
  'gigabyteSecond',
  'signature',
  'kmsKey',
  'writeUnit',
  'readUnit',
  'logGigabyte',
  'logGigabyteMonth',
  'metric',
  'alarm',
  'dashboard',
  'secret',
  'webAcl',
  'webAclRule',
  'webAclRequest',
] as const;

export type PriceName = (typeof priceNames)[number];

export interface Price {
  /** For `per` of them, in the file's currency. */
  readonly price: number;
  readonly per: number;
  readonly what: string;
  /** Where the figure is from, and of when it is. */
  readonly source: string;
}

/** What AWS charges in one region. */
export interface Prices {
  readonly region: string;
  readonly currency: string;
  readonly prices: Readonly<Record<PriceName, Price>>;
}

/** The prices that come with the project: a first guess, to be replaced by what the AWS price list says. */
export const defaultPrices = new URL('./prices.json', import.meta.url);

/**
 * Reads a file of prices.
 *
 * @throws CommandError that lists what is missing or no price
 */
export function readPrices(file: string | URL): Prices {
  const document = parse(file);
  const { region, currency, prices } = Object(document);
  const mistakes = [
    ...(typeof region === 'string' ? [] : ['region: is missing']),
    ...(typeof currency === 'string' ? [] : ['currency: is missing']),
    ...priceNames.flatMap((name) => findMistakes(name, Object(prices)[name])),
  ];
  if (mistakes.length > 0) {
    throw new CommandError(
      `--prices: the file has mistakes:\n${mistakes.map((line) => `  - ${line}`).join('\n')}`,
    );
  }
  return document as Prices;
}

function findMistakes(name: PriceName, entry: unknown): readonly string[] {
  const { price, per, what, source } = Object(entry);
  if (entry === undefined) return [`prices.${name}: is missing`];
  return [
    ...(typeof price === 'number' && price >= 0 ? [] : [`prices.${name}.price: must be a number, 0 or more`]),
    ...(typeof per === 'number' && per > 0 ? [] : [`prices.${name}.per: must be a number above 0`]),
    ...(typeof what === 'string' ? [] : [`prices.${name}.what: must be a text`]),
    ...(typeof source === 'string' && source !== ''
      ? []
      : [`prices.${name}.source: must say where the price is from, and of when`]),
  ];
}

function parse(file: string | URL): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandError(`--prices: the file can't be read: ${(error as Error).message}`);
  }
}
