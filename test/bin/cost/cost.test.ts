import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readNumber } from '../../../bin/command.ts';
import { defaultPrices, priceNames, readPrices } from '../../../bin/cost/prices.ts';
import { configFileWith, runCommand, temporaryFile } from '../../support/command.ts';

const config = configFileWith({}, 'production.example');
const prices = JSON.parse(readFileSync(defaultPrices, 'utf8'));

describe('one-login cost', () => {
  it('prints the cost with other prices for programs', async () => {
    const free = Object.entries<object>(prices.prices).map(([name, price]) => [name, { ...price, price: 0 }]);
    const file = temporaryFile('prices.json', {
      ...prices,
      region: 'eu-west-1',
      prices: { ...Object.fromEntries(free), kmsKey: { ...prices.prices.kmsKey, price: 7 } },
    });
    const { out } = await runCommand('cost', '--config', config, '--prices', file, '--json');
    expect(JSON.parse(out)).toMatchObject({
      region: 'eu-west-1',
      currency: 'USD',
      monthly: expect.arrayContaining([{ name: 'kmsKey', quantity: 3, cost: 21 }]),
      total: 21,
    });
  });
});

describe('readNumber', () => {
  it.each<[string, number | undefined, string]>([
    ['many', undefined, 'Allowed: a number, 0 or more.'],
    ['-1', undefined, 'Allowed: a number, 0 or more.'],
    ['2', 1, 'Allowed: 0 to 1.'],
  ])('refuses %s with the limit %s', (text, limit, message) => {
    expect(() => readNumber(text, limit)).toThrow(message);
  });

  it('accepts numbers up to the limit', () => {
    expect([readNumber('50000'), readNumber('0.5', 1)]).toEqual([50_000, 0.5]);
  });
});

describe('readPrices', () => {
  it('reads every price in this repository, with its source', () => {
    const { prices: each } = readPrices(defaultPrices);
    expect(Object.keys(each).sort()).toEqual([...priceNames].sort());
    for (const { source } of Object.values(each)) {
      expect(source).toMatch(/\b20\d\d-\d\d-\d\d\b|not checked against a price list|Look it up/);
    }
  });

  it('reports all mistakes of a file', () => {
    const { apiRequest, signature, ...others } = prices.prices;
    const file = temporaryFile('prices.json', {
      region: 'eu-west-2',
      prices: {
        ...others,
        apiRequest: { ...apiRequest, price: -1 },
        signature: { ...signature, source: '' },
      },
    });
    expect(() => readPrices(file)).toThrow(
      [
        '--prices: the file has mistakes:',
        '  - currency: is missing',
        '  - prices.apiRequest.price: must be a number, 0 or more',
        '  - prices.signature.source: must be where and when the price is from',
      ].join('\n'),
    );
  });

  it('reports a missing price and a missing file', () => {
    const { writeUnit: _, ...others } = prices.prices;
    const file = temporaryFile('prices.json', { ...prices, prices: others });
    expect(() => readPrices(file)).toThrow('prices.writeUnit: is missing');
    expect(() => readPrices('nowhere.json')).toThrow('--prices: the file cannot be read');
  });
});
