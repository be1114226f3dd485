import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../../local/template/assembly.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = await temporaryDirectory();

async function read(artifacts: object) {
  const files = {
    'manifest.json': { artifacts },
    'test.template.json': { Resources: {} },
    'test.assets.json': {
      files: {
        code: { source: { path: 'asset.code' }, destinations: { current: { objectKey: 'code.zip' } } },
      },
    },
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(path.join(directory, name), JSON.stringify(content));
  }
  return readAssembly(directory);
}

const stack = {
  type: 'aws:cloudformation:stack',
  environment: 'aws://111122223333/eu-west-1',
  properties: { templateFile: 'test.template.json', stackName: 'test-stack' },
};

describe('readAssembly', () => {
  test('returns the stack, its account and region, its template and the assets by their keys', async () => {
    const assembly = await read({
      'test.assets': { type: 'cdk:asset-manifest', properties: { file: 'test.assets.json' } },
      test: stack,
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    });
    const template = { Resources: {} };
    const identity = { stackName: 'test-stack', accountId: '111122223333', region: 'eu-west-1' };
    expect(assembly).toMatchObject({ ...identity, template });
    expect(assembly.assetPath('code.zip')).toBe(path.join(directory, 'asset.code'));
    expect(assembly.assetPath('other.zip')).toBeUndefined();
  });

  test('returns no account and no region for a stack without them', async () => {
    const assembly = await read({ test: { ...stack, environment: 'aws://unknown-account/unknown-region' } });
    expect(assembly).not.toHaveProperty('accountId');
    expect(assembly).not.toHaveProperty('region');
  });

  test.each([
    [0, {}],
    [2, { one: stack, two: stack }],
  ])('refuses an assembly with %d stacks', async (count, artifacts) => {
    await expect(read(artifacts)).rejects.toThrow(
      `has ${count} stacks; the local environment runs exactly one`,
    );
  });
});
