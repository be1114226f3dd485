/** Runs the app that the CDK CLI runs, with the config that a department fills in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { configFileWith, runScript } from '../support/command.ts';
import { buildFullConfig } from './everything-on.ts';
import { synthesise } from './synthesise.ts';

const directory = mkdtempSync(join(tmpdir(), 'one-login-from-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs what `cdk synth -c config=<file>` runs. */
async function synth(config: string | undefined) {
  const outdir = mkdtempSync(join(directory, 'out-'));
  const context = { CDK_CONTEXT_JSON: JSON.stringify({ config }), CDK_OUTDIR: outdir };
  const result = await runScript(context, 'bin/app.ts');
  return { ...result, readManifest: () => JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) };
}

describe('the CDK app', () => {
  it('creates a stack in the account and region of the config', async () => {
    const { code, err, readManifest } = await synth(
      configFileWith({ name: 'licences-test' }, 'integration.example'),
    );

    expect([code, err]).toEqual([0, '']);
    expect(readManifest().artifacts['one-login-licences-test']).toMatchObject({
      environment: 'aws://111122223333/eu-west-2',
    });
  });

  it('creates no stack without a config file', async () => {
    const { code, err, readManifest } = await synth(undefined);

    expect([code, err]).toEqual([1, expect.stringContaining('-c config=config/production.json')]);
    expect(readManifest).toThrow();
  });

  it('lists all mistakes in a config and creates no stack', async () => {
    const { code, err, readManifest } = await synth(
      configFileWith({ domain: { name: 'service.example' }, firewall: { rateLimits: { signIn: 1 } } }),
    );

    expect(code).toBe(1);
    expect(err).toContain('has 3 mistakes:\n');
    expect(err).toContain('  - domain: needs a certificateArn, or a hostedZone');
    expect(err).toContain('  - publicUrl: "http://localhost:8080/auth" is not the address of the domain');
    expect(err).toContain('  - firewall.rateLimits.signIn: 1 is too small; the smallest allowed is 10');
    expect(readManifest).toThrow();
  });
});

describe('the region', () => {
  it('is London unless the config has another one', () => {
    const alarms = { emails: ['on-call@example.gov.uk'] };
    const london = buildFullConfig('withCloudFront', { region: undefined });
    const ireland = buildFullConfig('withCloudFront', { region: 'eu-west-1', alarms });

    expect(london.region).toBe('eu-west-2');
    expect(JSON.stringify(synthesise(london).toJSON())).toContain('.execute-api.eu-west-2.');
    expect(JSON.stringify(synthesise(ireland).toJSON())).not.toContain('eu-west-2');
  });
});
