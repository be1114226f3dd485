import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { configFileWith, runCommandWith, temporaryPath } from '../../support/command.ts';

describe('one-login synth', () => {
  it('writes the cloud assembly into cdk.out of the current directory, and prints where the template is', async () => {
    const directory = temporaryPath('empty');
    mkdirSync(directory);
    const config = configFileWith({ name: 'licences' }, 'integration.example');
    const { code, out, err } = await runCommandWith({ INIT_CWD: directory }, 'synth', '--config', config);

    expect([code, out, err]).toEqual([0, `${join('cdk.out', 'one-login-licences.template.json')}\n`, '']);
    const template = JSON.parse(readFileSync(join(directory, out.trim()), 'utf8'));
    expect(template.Outputs).toHaveProperty('RedirectUri');
  });
});
