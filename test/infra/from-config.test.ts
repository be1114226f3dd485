/** From the config that a department fills in to its stack: by the app that the CDK CLI runs, with no code to edit. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { configFileWith, runCommandWith } from '../support/command.ts';
import { configWithEverything } from './everything-on.ts';
import { synthesise } from './synthesise.ts';

const directory = mkdtempSync(join(tmpdir(), 'one-login-from-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What `cdk synth -c config=<file>` runs. */
async function synth(file: string) {
  const outdir = mkdtempSync(join(directory, 'out-'));
  const context = { CDK_CONTEXT_JSON: JSON.stringify({ config: file }), CDK_OUTDIR: outdir };
  const result = await runCommandWith(context, 'app');
  const read = (name: string) => JSON.parse(readFileSync(join(outdir, name), 'utf8'));
  return { ...result, read };
}

test('a config file becomes a stack, in the account and region that it names', async () => {
  const file = configFileWith({ name: 'licences-test' }, 'integration.example');
  const { code, err, read } = await synth(file);

  expect([code, err]).toEqual([0, '']);
  expect(read('manifest.json').artifacts['one-login-licences-test']).toMatchObject({
    environment: 'aws://111122223333/eu-west-2',
  });
});

test('everything is in London, unless the config names another region', () => {
  const here = configWithEverything('withCloudFront', { region: undefined });
  const there = configWithEverything('withCloudFront', {
    region: 'eu-west-1',
    alarms: { emails: ['on-call@example.gov.uk'] },
  });

  expect(here.region).toBe('eu-west-2');
  expect(JSON.stringify(synthesise(here).json)).toContain('.execute-api.eu-west-2.');
  expect(JSON.stringify(synthesise(there).json)).not.toContain('eu-west-2');
});

test('a config file with mistakes becomes a list of them, and no stack', async () => {
  const file = configFileWith({
    domain: { name: 'service.example' },
    firewall: { rateLimits: { signIn: 1 } },
  });
  const { code, err, read } = await synth(file);

  expect(code).toBe(1);
  expect(err).toContain('has 3 mistakes:\n');
  expect(err).toContain('  - domain: needs a certificateArn, or a hostedZone');
  expect(err).toContain('  - publicUrl: "http://localhost:8080/auth" is not the address of the domain');
  expect(err).toContain('  - firewall.rateLimits.signIn: 1 is too small; the smallest allowed is 10');
  expect(() => read('manifest.json')).toThrow();
});
