import { describe, expect, test } from '@jest/globals';
import { configSchema, type Schema } from '../../lib/config/schema.ts';
import { configWithEverything, everythingOn } from './everything-on.ts';
import { configFile, synthesise } from './synthesise.ts';

/** CloudFormation takes no more resources, and no larger template, of one stack. */
const limits = { resources: 500, bytes: 1_000_000 };

const fronts = Object.keys(everythingOn) as (keyof typeof everythingOn)[];

describe.each(fronts)('a deployment with everything switched on, %s', (front) => {
  const { json } = synthesise(configWithEverything(front));

  test('has less than 70 % of the resources that CloudFormation takes', () => {
    expect(Object.keys(json.Resources).length).toBeLessThan(0.7 * limits.resources);
  });

  test('has a template of less than 60 % of the size', () => {
    // As the CDK writes it: with line breaks and indentation.
    expect(Buffer.byteLength(JSON.stringify(json, undefined, 1))).toBeLessThan(0.6 * limits.bytes);
  });
});

test('as many signing keys as a config may have fit in as well', () => {
  const signingKeys = Array.from({ length: 8 }, (_, index) => ({
    name: `key-${index}`,
    state: index === 0 ? 'sign' : 'publish',
  }));
  const { json } = synthesise(configWithEverything('withDomain', { signingKeys }));

  expect(Object.keys(json.Resources).length).toBeLessThan(0.7 * limits.resources);
});

test('everything is everything: each field of the config is switched on by one of them', () => {
  const configs = fronts.map((front) => ({ ...configFile('production.example'), ...everythingOn[front] }));
  // The environment local has a provider of its own, and is deployed nowhere. One page's text is like another's.
  const left = pathsOf(configSchema).filter((path) => !/^provider(\.|$)|^pageTexts\./.test(path));
  const missing = left.filter((path) => !configs.some((config) => isSet(config, path.split('.'))));

  expect(missing).toEqual(['domain.certificateArn']);
});

function pathsOf({ properties = {}, items }: Schema): string[] {
  const own = Object.entries(properties).flatMap(([name, field]) => [
    name,
    ...pathsOf(field).map((path) => `${name}.${path}`),
  ]);
  return items === undefined ? own : [...own, ...pathsOf(items)];
}

/** Of a list one entry will do. */
function isSet(value: unknown, [name, ...below]: readonly string[]): boolean {
  if (Array.isArray(value)) {
    return value.some((entry) => isSet(entry, name === undefined ? [] : [name, ...below]));
  }
  if (name === undefined) return value !== undefined;
  return typeof value === 'object' && value !== null && isSet(Object(value)[name], below);
}
