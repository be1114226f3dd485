import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { findPlaceholders } from '../../../bin/check/find-placeholders.ts';
import { findSharedHost } from '../../../bin/check/find-shared-host.ts';
import { configFileWith, runCommand, temporaryFile } from '../../support/command.ts';

const own = {
  account: '210987654321',
  clientId: 'abc',
  serviceUrl: 'https://licences.service.gov.uk/',
  publicUrl: 'https://licences.service.gov.uk/auth',
};

describe('one-login check', () => {
  it('lists the mistakes of the schema and between fields in one round, with the word that was meant', async () => {
    const file = configFileWith(
      {
        enviroment: 'integration',
        identity: undefined,
        scopes: ['opnid', 'email'],
        session: { idleMinutes: 90, absoluteMinutes: 60 },
      },
      'integration.example',
    );
    const { code, out, err } = await runCommand('check', '--config', file);

    expect(out.split('\n').filter((line) => line.startsWith('fail'))).toEqual([
      expect.stringContaining('enviroment: is not a field of the config (did you mean environment?)'),
      expect.stringContaining('scopes[0]: "opnid" is not allowed (did you mean openid?)'),
      expect.stringContaining('scopes: must include openid'),
      expect.stringContaining('session.idleMinutes: 90 is more than session.absoluteMinutes, 60'),
      expect.stringContaining('authorizers[1].level: "Cl.Cm.P2" needs identity to be configured'),
    ]);
    expect(out).toContain('warn  clientId: "exampleIntegrationClientId00" is an example');
    expect([code, err]).toEqual([1, '']);
  });

  it('accepts a byte order mark, and exits with 0 if there are only warnings', async () => {
    const { authorizers, identity, ...config } = JSON.parse(
      readFileSync('config/integration.example.json', 'utf8'),
    );
    const good = temporaryFile('config.json', `\uFEFF${JSON.stringify({ ...config, ...own })}`);
    const { code, out } = await runCommand('check', '--config', good);
    const json = await runCommand('check', '--config', 'config/integration.example.json', '--json');

    expect([code, out]).toEqual([0, `pass  ${good} has no mistakes\n`]);
    expect(JSON.parse(json.out)).toMatchObject({
      good: true,
      file: 'config/integration.example.json',
      mistakes: [],
      warnings: expect.arrayContaining([{ path: 'clientId', message: expect.any(String) }]),
    });
    expect(json.code).toBe(0);
  });

  it('exits with 1 for a file that is not JSON, and with 2 for one that is not there', async () => {
    const bad = await runCommand('check', '--config', temporaryFile('config.json', '{ name }'));
    const missing = await runCommand('check', '--config', 'none.json');

    expect([bad.code, bad.out]).toEqual([1, expect.stringMatching(/^fail {2}the file is not JSON: /)]);
    expect([missing.code, missing.err]).toEqual([
      2,
      expect.stringMatching(/^--config: the file cannot be read/),
    ]);
  });
});

describe('findSharedHost', () => {
  const publicUrl = 'https://services.gov.uk/licences/auth';

  it('warns of a deployment below a path of its host without a cookie name', () => {
    expect(findSharedHost({ publicUrl })).toEqual([
      { path: 'cookieName', message: expect.stringMatching(/^is missing: .* on services\.gov\.uk has none/) },
    ]);
  });

  it.each([
    ['with a cookie name', { publicUrl, cookieName: 'licences' }],
    ['with a host of its own', { publicUrl: 'https://licences.gov.uk/auth' }],
    ["at the API's own address", { publicUrl: 'https://a1.execute-api.eu-west-2.amazonaws.com/live/auth' }],
    ['without a public URL', {}],
  ])('does not warn of a deployment %s', (_, config) => {
    expect(findSharedHost(config)).toEqual([]);
  });

  it('is part of the check', async () => {
    const file = configFileWith(
      { publicUrl, domain: undefined, serviceUrl: undefined },
      'integration.example',
    );
    const { code, out } = await runCommand('check', '--config', file);
    expect(out).toContain('warn  cookieName: is missing: ');
    expect(code).toBe(0);
  });
});

describe('findPlaceholders', () => {
  it.each([
    ['account', '111122223333'],
    ['account', '444455556666'],
    ['alarms.topicArn', 'arn:aws:sns:eu-west-2:111122223333:on-call'],
    ['clientId', 'exampleIntegrationClientId00'],
    ['clientId', 'exampleProductionClientId000'],
    ['publicUrl', 'https://apply-for-a-licence.service.gov.uk/auth'],
    ['domain.name', 'integration.apply-for-a-licence.service.gov.uk'],
    ['domain.name', 'example.com'],
    ['contact.email', 'help@example.gov.uk'],
    ['contact.url', 'https://service.example/contact'],
    ['contact.phone', '0300 123 4567'],
  ])('finds %s %s', (path, value) => {
    const [group = '', field] = path.split('.');
    const content = field === undefined ? { [group]: value } : { [group]: { [field]: value } };

    expect(findPlaceholders({ list: [content] })).toEqual([
      { path: `list[0].${path}`, message: expect.stringContaining(JSON.stringify(value)) },
    ]);
  });

  it('finds nothing in the values of a real service', () => {
    const text = 'For example. See the examples at https://licences.service.gov.uk/example.html';

    expect(findPlaceholders({ ...own, text, number: 1, nothing: null })).toEqual([]);
  });
});
