import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../bin/doctor/examine.ts';
import { neverEmulated, notEmulated, readKind } from '../../bin/rehearse/not-emulated.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { typesWithoutEffect } from '../../local/template/types-without-effect.ts';
import { buildFullConfig } from '../infra/everything-on.ts';
import { buildTestConfig, readTemplate } from '../infra/synthesise.ts';

const page = readFileSync(new URL('../../docs/proof.md', import.meta.url), 'utf8');
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Reads the cells of the table below a heading, without the marks of code. */
function readTable(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [before = ''] = section.split('\n## ');
  const rows = before.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(1).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const isProof = /^(emulated|examined|only on a real account)(: |$)/;

describe('docs/proof.md', () => {
  it('lists what the rehearsal leaves out, as its report does', () => {
    const all = Object.entries({ ...notEmulated, ...neverEmulated });
    expect(readTable('What the rehearsal leaves out')).toEqual(all);
    for (const [, proof] of all) {
      for (const part of proof.split('; ')) expect(part).toMatch(isProof);
    }
  });

  it('lists what becomes of each type of resource in npm run rehearse and npm start', () => {
    const list = (configs: readonly DeploymentConfig[]) =>
      new Map(
        configs
          .flatMap((config) => Object.values(readTemplate(config).Resources))
          .map((resource) => [readKind(resource), resource.Type]),
      );
    // By default a function reserves concurrency for back-channel logout.
    const all = { reservedConcurrency: {} };
    const kinds = list([buildFullConfig('withDomain', all), buildFullConfig('withCloudFront', all)]);
    // .ci/run rehearses these.
    const rehearsed = list([buildTestConfig('production.example'), buildTestConfig('integration.example')]);
    const readRehearsal = (kind: string) => {
      if (kind in notEmulated) return 'left out';
      return rehearsed.has(kind) ? 'emulated' : 'in no example';
    };
    const expected = [...kinds].map(([kind, type]) => {
      const reason = typesWithoutEffect.get(type);
      return [kind, readRehearsal(kind), reason === undefined ? 'emulated' : `no effect: ${reason}`];
    });
    expect(readTable('Types of resources')).toEqual(expected.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
  });

  it('has a proof for each capability, and leaves no cell empty', () => {
    const rows = readTable('Capabilities');
    expect(rows.length).toBeGreaterThan(10);
    for (const cells of rows) {
      expect(cells).toHaveLength(4);
      for (const cell of cells) expect(cell).not.toBe('');
    }
  });

  it('names scripts and checks of the doctor that exist', () => {
    const named = [...page.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(String(name) in scripts))).toEqual([]);
    const ids = [...page.matchAll(/\[doctor\]\(operations\/doctor\.md\): ((?:`[a-z-]+`(?:, )?)+)/g)].flatMap(
      ([, list = '']) => list.replaceAll('`', '').split(', '),
    );
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !checks.some((check) => check.id === id.trim()))).toEqual([]);
  });
});
