import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../../local/template/json.ts';

/**
 * Writes a cloud assembly as the CDK does.
 *
 * @param assets name → content of the bundle's `index.mjs`; its key is `<name>.zip`
 */
export async function writeAssembly(
  directory: string,
  template: JsonObject,
  assets: Readonly<Record<string, string>> = {},
): Promise<void> {
  const write = (name: string, content: unknown) =>
    writeFile(path.join(directory, name), JSON.stringify(content));
  for (const [name, source] of Object.entries(assets)) {
    await mkdir(path.join(directory, `asset.${name}`));
    await writeFile(path.join(directory, `asset.${name}`, 'index.mjs'), source);
  }
  await write('test.template.json', template);
  await write('test.assets.json', {
    files: Object.fromEntries(
      Object.keys(assets).map((name) => [
        name,
        {
          source: { path: `asset.${name}`, packaging: 'zip' },
          destinations: { current: { bucketName: 'assets', objectKey: `${name}.zip` } },
        },
      ]),
    ),
  });
  await write('manifest.json', {
    artifacts: {
      'test.assets': { type: 'cdk:asset-manifest', properties: { file: 'test.assets.json' } },
      test: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/eu-west-1',
        properties: { templateFile: 'test.template.json', stackName: 'test-stack' },
      },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
}
