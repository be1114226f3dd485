import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readAssembly } from '../../../local/template/assembly.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeAssembly } from '../support/write-assembly.ts';

const directory = await temporaryDirectory();
const emptyDirectory = await temporaryDirectory();

describe('reading a cloud assembly', () => {
  test('finds the stack, its region, its template and the assets by their keys', async () => {
    await writeAssembly(directory, { Resources: {} }, { code: 'export {};' });
    const assembly = await readAssembly(directory);
    expect(assembly).toMatchObject({
      stackName: 'test-stack',
      region: 'eu-west-1',
      template: { Resources: {} },
    });
    expect(assembly.assetPath('code.zip')).toBe(path.join(directory, 'asset.code'));
    expect(assembly.assetPath('other.zip')).toBeUndefined();
  });

  test('refuses an assembly without a stack', async () => {
    await writeFile(path.join(emptyDirectory, 'manifest.json'), '{"artifacts":{}}');
    await expect(readAssembly(emptyDirectory)).rejects.toThrow(
      'has 0 stacks; the local environment runs exactly one',
    );
  });
});
