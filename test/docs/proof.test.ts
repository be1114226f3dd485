import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { checks } from '../../bin/doctor/examine.ts';
import { neverEmulated, notEmulated } from '../../bin/rehearse/not-emulated.ts';
import { typesWithoutEffect } from '../../local/template/types-without-effect.ts';

const page = readFileSync(new URL('../../docs/proof.md', import.meta.url), 'utf8');
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Reads the capabilities: name → its proofs. */
function readCapabilities(): readonly (readonly [string, readonly string[]])[] {
  const [, section = ''] = page.split('\n## Capabilities\n');
  const [list = ''] = section.split('\n## ');
  return list
    .replaceAll(/\n {2}/g, ' ')
    .split('\n- ')
    .slice(1)
    .map((item) => {
      const [, name = '', proofs = ''] = /^\*\*(.*)\*\*: (.*)$/.exec(item.trim()) ?? [];
      return [name, proofs.split('; ')];
    });
}

const isProof = /^(emulated: .|examined: .|in your account(: .|$))/;

describe('docs/proof.md', () => {
  it('has a proof for each capability, and for what the rehearsal leaves out', () => {
    const leftOut = Object.entries({ ...notEmulated, ...neverEmulated });
    const all = [
      ...readCapabilities(),
      ...leftOut.map(([what, proof]) => [what, proof.split('; ')] as const),
    ];
    expect(readCapabilities().length).toBeGreaterThan(15);
    for (const [name, proofs] of all) {
      expect(name).not.toBe('');
      for (const proof of proofs) expect([name, proof]).toEqual([name, expect.stringMatching(isProof)]);
    }
  });

  it('lists every type of resource that the rehearsal or npm start does not use', () => {
    const types = [...page.matchAll(/`((?:AWS|Custom)::[\w:]+)`/g)].map(([, type = '']) => type);
    for (const type of [...typesWithoutEffect.keys(), ...Object.keys(notEmulated)]) {
      expect(types).toContain(type.split(' ')[0]);
    }
  });

  it('names scripts and checks of the doctor that exist', () => {
    const named = [...page.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(String(name) in scripts))).toEqual([]);
    const ids = [...page.matchAll(/\[doctor\]\(operations\/doctor\.md\) ((?:`[a-z-]+`(?:, )?)+)/g)].flatMap(
      ([, list = '']) => list.replaceAll('`', '').split(', '),
    );
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.filter((id) => !checks.some((check) => check.id === id.trim()))).toEqual([]);
  });
});
