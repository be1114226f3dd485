import { describe, expect, it } from '@jest/globals';
import { configSchema, type Schema } from '../../lib/config/read-schema.ts';
import { buildFullConfig, everythingOn, fronts } from './everything-on.ts';
import { listResources, readConfigFile, synthesise } from './synthesise.ts';

/** The limits of CloudFormation for one stack. */
const limits = { resources: 500, bytes: 1_000_000 };

describe.each(fronts)('a deployment with everything switched on, %s,', (front) => {
  const template = synthesise(buildFullConfig(front));

  it('has less than 70% of the resources and 60% of the size that CloudFormation allows', () => {
    expect(listResources(template).length).toBeLessThan(0.7 * limits.resources);
    // The CDK writes templates with line breaks and indentation.
    expect(Buffer.byteLength(JSON.stringify(template.toJSON(), undefined, 1))).toBeLessThan(
      0.6 * limits.bytes,
    );
  });
});

describe.each(fronts)('the template of a deployment with texts in every language, %s,', (front) => {
  it('is pure ASCII, because not every tool that passes it on keeps other characters', () => {
    const serviceNameWelsh = 'Gwneud cais am drŵydded – “тест” 🐉';
    const template = synthesise(buildFullConfig(front, { serviceNameWelsh }));
    const other = JSON.stringify(template.toJSON()).match(/.{0,30}\P{ASCII}.{0,30}/gu);

    expect(other).toBeNull();
  });
});

describe('a stack', () => {
  it('has room for the greatest number of signing keys', () => {
    const signingKeys = Array.from({ length: 8 }, (_, index) => ({
      name: `key-${index}`,
      state: index === 0 ? 'sign' : 'publish',
    }));
    const template = synthesise(buildFullConfig('withDomain', { signingKeys }));

    expect(listResources(template).length).toBeLessThan(0.8 * limits.resources);
  });
});

describe('the configs with everything switched on', () => {
  it('contain every field of the schema', () => {
    const configs = fronts.map((front) => ({
      ...readConfigFile('production.example'),
      ...everythingOn[front],
    }));
    // A provider is for the environment local, which is never deployed. One page's text is like another's.
    const paths = listPaths(configSchema).filter((path) => !/^provider(\.|$)|^pageTexts\./.test(path));

    expect(paths.filter((path) => !configs.some((config) => isSet(config, path.split('.'))))).toEqual([
      'domain.certificateArn',
    ]);
  });
});

function listPaths({ properties = {}, items }: Schema): string[] {
  const paths = Object.entries(properties).flatMap(([name, field]) => [
    name,
    ...listPaths(field).map((path) => `${name}.${path}`),
  ]);
  return items === undefined ? paths : [...paths, ...listPaths(items)];
}

/** In a list, one entry with the field is enough. */
function isSet(value: unknown, [name, ...below]: readonly string[]): boolean {
  if (Array.isArray(value)) {
    return value.some((entry) => isSet(entry, name === undefined ? [] : [name, ...below]));
  }
  if (name === undefined) return value !== undefined;
  return typeof value === 'object' && value !== null && isSet(Object(value)[name], below);
}
