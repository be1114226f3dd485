import path from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { buildApp } from '../../lib/app.ts';
import type { SigningKeyConfig } from '../../lib/config/deployment-config.ts';
import { bundleFunctions } from '../../lib/functions/bundling/bundle-functions.ts';
import { type LocalEnvironment, startLocalEnvironment } from '../../local/environment.ts';
import { loadLocalConfig } from '../../local/local-config.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

// Each test starts an environment.
jest.setTimeout(60_000);

const directory = await temporaryDirectory();
const bundles = bundleFunctions(loadLocalConfig(), path.join(directory, 'bundles'));

/** Runs the deployment with these keys, and shows what it serves and signs by, in terms of the keys' names. */
async function run(signingKeys: readonly SigningKeyConfig[]) {
  const config = { ...loadLocalConfig(), signingKeys };
  const outdir = path.join(directory, signingKeys.map(({ name, state }) => `${name}-${state}`).join('-'));
  buildApp(config, { outdir, bundles }).synth();
  const environment = await startLocalEnvironment({ config, assemblyDirectory: outdir });
  try {
    const nameOf = (kid: unknown) =>
      signingKeys.find(({ name }) => environment.kms.keys.find(`alias/one-login/local/${name}`).id === kid)
        ?.name;
    return {
      served: (await servedKids(environment)).map(nameOf),
      signs: nameOf(await signingKid(environment)),
    };
  } finally {
    await environment.close();
  }
}

async function servedKids({ publicUrl }: LocalEnvironment): Promise<readonly unknown[]> {
  const { keys } = Object(await (await fetch(`${publicUrl}/.well-known/jwks.json`)).json());
  return keys.map(({ kid }: { kid: unknown }) => kid);
}

async function signingKid({ publicUrl }: LocalEnvironment): Promise<unknown> {
  const { headers } = await fetch(`${publicUrl}/login`, { redirect: 'manual' });
  const request = new URL(headers.get('location') ?? '').searchParams.get('request') ?? '';
  const { kid } = JSON.parse(Buffer.from(request.split('.')[0] ?? '', 'base64url').toString());
  return kid;
}

describe('the JWKS that is served follows the key list', () => {
  test('before a rotation it holds the one key', async () => {
    expect(await run([{ name: 'a', state: 'sign' }])).toEqual({ served: ['a'], signs: 'a' });
  });

  test('adding a key adds it', async () => {
    const keys = [
      { name: 'a', state: 'sign' },
      { name: 'b', state: 'publish' },
    ] as const;
    expect(await run(keys)).toEqual({ served: ['a', 'b'], signs: 'a' });
  });

  test('switching to a key puts it first, and signs by it', async () => {
    const keys = [
      { name: 'a', state: 'publish' },
      { name: 'b', state: 'sign' },
    ] as const;
    expect(await run(keys)).toEqual({ served: ['b', 'a'], signs: 'b' });
  });

  test('retiring a key takes it out', async () => {
    const keys = [
      { name: 'a', state: 'retire' },
      { name: 'b', state: 'sign' },
    ] as const;
    expect(await run(keys)).toEqual({ served: ['b'], signs: 'b' });
  });

  test('removing a key leaves the other', async () => {
    expect(await run([{ name: 'b', state: 'sign' }])).toEqual({ served: ['b'], signs: 'b' });
  });
});
