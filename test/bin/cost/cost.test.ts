import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { defaultPrices, priceNames, readPrices } from '../../../bin/cost/prices.ts';
import { configFileWith, runCommand, temporaryFile } from '../../support/command.ts';

const config = configFileWith({}, 'production.example');
const prices = JSON.parse(readFileSync(defaultPrices, 'utf8'));

describe('npm run cost', () => {
  test('prints what a month costs', async () => {
    const { code, out } = await runCommand('cost', '--config', config, '--sign-ins', '50000');
    expect(code).toBe(0);
    expect(out).toContain('With 50,000 sign-ins a month\n');
    expect(out).toMatch(
      /^Total: USD \d+\.\d\d a month, with prices of eu-west-2, without free tiers and tax\.$/m,
    );
    expect(out).toContain('check the AWS price list');
  });

  test('goes by other prices, and prints them for programs', async () => {
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

  test.each([
    ['a number of sign-ins that is none', ['--sign-ins', 'many'], '--sign-ins: many is not allowed'],
    ['a share above one', ['--identity', '2'], '--identity: 2 is not allowed; allowed: 0 to 1'],
    ['prices that are not there', ['--prices', 'nowhere.json'], '--prices: the file cannot be read'],
    ['an unknown option', ['--sign-in', '5'], 'npm run cost -- --config <file>'],
  ])('refuses %s', async (_, options, message) => {
    const { code, err } = await runCommand('cost', '--config', config, ...options);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('a file of prices', () => {
  test('that comes with the project has every price, and says where each is from', () => {
    const { prices: each } = readPrices(defaultPrices);
    expect(Object.keys(each).sort()).toEqual([...priceNames].sort());
    for (const { source } of Object.values(each)) {
      expect(source).toMatch(/\b20\d\d-\d\d-\d\d\b|not checked against a price list|Look it up/);
    }
  });

  test('is refused with all of its mistakes', () => {
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

  test('is refused when a price is missing', () => {
    const { writeUnit: _, ...others } = prices.prices;
    const file = temporaryFile('prices.json', { ...prices, prices: others });
    expect(() => readPrices(file)).toThrow('prices.writeUnit: is missing');
  });
});
