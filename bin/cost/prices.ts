import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lib/package-root.ts';
import { CommandError, useFile } from '../command.ts';

/** Everything that AWS charges for, by unit. */
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
  'combinedAlarm',
  'dashboard',
  'secret',
  'webAcl',
  'webAclRule',
  'webAclRequest',
] as const;

export type PriceName = (typeof priceNames)[number];

export interface Price {
  /** The price of `per` units, in the file's currency. */
  readonly price: number;
  readonly per: number;
  readonly what: string;
  /** Where and when the price is from. */
  readonly source: string;
}

/** AWS's prices in one region. */
export interface Prices {
  readonly region: string;
  readonly currency: string;
  readonly prices: Readonly<Record<PriceName, Price>>;
}

/** The prices in this repository: a first guess, which you can replace with the AWS price list's. */
export const defaultPrices = join(packageRoot, 'bin/cost/prices.json');

/**
 * Reads a file of prices.
 *
 * @throws CommandError with everything that is missing or wrong
 */
export function readPrices(file: string): Prices {
  const document: unknown = useFile('prices', 'read', () => JSON.parse(readFileSync(file, 'utf8')));
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
  if (entry === undefined) return [`prices.${name}: is missing`];
  const { price, per, what, source } = Object(entry);
  const checks = [
    ['price', typeof price === 'number' && price >= 0, 'a number, 0 or more'],
    ['per', typeof per === 'number' && per > 0, 'a number above 0'],
    ['what', typeof what === 'string', 'a text'],
    ['source', typeof source === 'string' && source !== '', 'where and when the price is from'],
  ] as const;
  return checks.flatMap(([field, isRight, expected]) =>
    isRight ? [] : [`prices.${name}.${field}: must be ${expected}`],
  );
}
