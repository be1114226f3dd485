import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { adaptAssembly } from '../../../bin/rehearse/assembly.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assembly-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const query = { Type: 'AWS::Logs::QueryDefinition' };
const custom = { Type: 'Custom::Thing', DependsOn: ['Query', 'Table'] };
const table = { Type: 'AWS::DynamoDB::Table', Properties: { Issuer: 'https://oidc.account.gov.uk/' } };
const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 1 } };
const mathAlarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [] } };

async function adapt(resources: object, fails = false) {
  const text = JSON.stringify({ Resources: resources, Outputs: {} });
  const hash = createHash('sha256').update(text).digest('hex');
  writeFileSync(join(directory, 'stack.template.json'), text);
  for (const file of ['stack.assets.json', 'manifest.json']) writeFileSync(join(directory, file), hash);
  const replacements = new Map([['https://oidc.account.gov.uk/', 'http://localhost:3000/']]);
  return adaptAssembly(directory, 'stack', { replacements, fails });
}

describe('the template of a rehearsal', () => {
  test('has everything but what the emulator does not have, and nothing depends on that', async () => {
    const { resources, leftOut } = await adapt({
      Query: query,
      Thing: custom,
      Alarm: alarm,
      Math: mathAlarm,
    });

    expect(resources).toEqual({ Thing: { Type: 'Custom::Thing', DependsOn: ['Table'] }, Alarm: alarm });
    expect([...leftOut]).toEqual([
      ['AWS::Logs::QueryDefinition', 1],
      ['AWS::CloudWatch::Alarm with metric math', 1],
    ]);
  });

  test('leads to the provider of this machine', async () => {
    const { resources } = await adapt({ Table: table });

    expect(resources['Table']?.Properties).toEqual({ Issuer: 'http://localhost:3000/' });
  });

  test('is uploaded under the hash of what it contains', async () => {
    await adapt({ Query: query, Table: table });

    const text = readFileSync(join(directory, 'stack.template.json'), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex');
    expect(readFileSync(join(directory, 'stack.assets.json'), 'utf8')).toBe(hash);
    expect(readFileSync(join(directory, 'manifest.json'), 'utf8')).toBe(hash);
  });

  test('of a deployment that fails waits for all custom resources before it fails', async () => {
    const { resources } = await adapt({ Thing: { Type: 'Custom::Thing' }, Table: table }, true);

    expect(resources['RehearsalFailure']).toMatchObject({
      DependsOn: ['Thing'],
      Properties: { Timeout: '1' },
    });
  });
});
