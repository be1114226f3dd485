import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  buildReference,
  bundledProperty,
  describePackages,
  type Lockfile,
} from '../../../dev/sbom/describe-packages.ts';
import { runCommandWith, temporaryPath } from '../../support/command.ts';

const component = { 'bom-ref': 'project@1', name: 'directory' };
const lockfile: Lockfile = {
  name: 'project',
  packages: {
    'node_modules/jose': { version: '6.0.0' },
    'node_modules/old/node_modules/jose': { version: '4.0.0' },
    'node_modules/jose-4': { name: 'jose', version: '4.0.0' },
  },
};
const sbom = {
  metadata: { component },
  components: [
    { 'bom-ref': 'jose@4.0.0', name: 'jose' },
    { 'bom-ref': 'jose@6.0.0', name: 'jose' },
  ],
};

describe('describePackages', () => {
  it('marks the deployed version of a package', () => {
    const bundled = new Map([
      ['login', new Set(['node_modules/jose'])],
      ['callback', new Set(['node_modules/jose'])],
    ]);
    expect(describePackages(sbom, lockfile, bundled).components).toEqual([
      { 'bom-ref': 'jose@4.0.0', name: 'jose', scope: 'excluded' },
      {
        'bom-ref': 'jose@6.0.0',
        name: 'jose',
        scope: 'required',
        properties: [{ name: bundledProperty, value: 'login,callback' }],
      },
    ]);
  });

  it.each([
    ['nested in another', 'node_modules/old/node_modules/jose'],
    ['installed under another name', 'node_modules/jose-4'],
  ])('recognises a package that is %s', (_, directory) => {
    const bundled = new Map([['login', new Set([directory])]]);
    const [old, current] = describePackages(sbom, lockfile, bundled).components;
    expect([old?.scope, current?.scope]).toEqual(['required', 'excluded']);
  });

  it('throws if the document lacks a package of a bundle', () => {
    const bundled = new Map([['login', new Set(['node_modules/stranger'])]]);
    expect(() => describePackages(sbom, lockfile, bundled)).toThrow('stranger');
  });
});

describe('npm run sbom', () => {
  const file = temporaryPath('sbom.json');
  let document: ReturnType<typeof describePackages> & { readonly bomFormat: string };
  beforeAll(async () => {
    const { PATH = '', HOME = '' } = process.env;
    const { code, err } = await runCommandWith({ PATH, HOME }, 'sbom', '--output', file);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    document = JSON.parse(readFileSync(file, 'utf8'));
  });

  it('describes the project in CycloneDX, under its name', () => {
    expect(document.bomFormat).toBe('CycloneDX');
    expect(document.metadata.component).toMatchObject({ name: 'one-login-lambda', type: 'application' });
  });

  // id: sbom-covers-lockfile
  it('has everything that the lockfile installs', () => {
    const installed: Lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const references = new Set(document.components.map((entry) => entry['bom-ref']));
    const expected = Object.keys(installed.packages)
      .filter((directory) => directory !== '')
      .map((directory) => buildReference(directory, installed));
    expect(expected.length).toBeGreaterThan(100);
    expect(expected.filter((reference) => !references.has(reference))).toEqual([]);
  });

  it('separates the packages of the functions from those that build and test them', () => {
    const findScope = (name: string) => document.components.find((entry) => entry.name === name)?.scope;
    expect(findScope('@middy/core')).toBe('required');
    expect(findScope('jest')).toBe('excluded');
    expect(findScope('aws-cdk-lib')).toBe('excluded');
  });
});
