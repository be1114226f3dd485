import { createPublicKey } from 'node:crypto';
import type { ConfigFile, PublishedKeyConfig } from './deployment-config.ts';
import type { Mistake, Rule } from './mistakes.ts';

/** Rules for the public keys of other systems. */
export const publishedKeyRules: readonly Rule[] = [
  { reads: /^publishedKeys(\[\d+\](\.kid)?)?$/, check: checkKids },
  { reads: /^publishedKeys(\[\d+\](\.\w+)?)?$/, check: checkModuli },
];

function* checkKids({ publishedKeys }: ConfigFile): Generator<Mistake> {
  const kids = publishedKeys.map(({ kid }) => kid);
  for (const [index, kid] of kids.entries()) {
    if (kids.indexOf(kid) === index) continue;
    yield { path: `publishedKeys[${index}].kid`, message: 'is also the kid of another key' };
  }
}

const [fewestBits, mostBits] = [2048, 4096];

function* checkModuli({ publishedKeys }: ConfigFile): Generator<Mistake> {
  for (const [index, key] of publishedKeys.entries()) {
    const message = findMistake(key);
    if (message !== undefined) yield { path: `publishedKeys[${index}].n`, message };
  }
}

function findMistake({ kty, n, e }: PublishedKeyConfig): string | undefined {
  const expected = `expected the modulus of an RSA key of ${fewestBits} to ${mostBits} bits`;
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (bits < fewestBits || bits > mostBits) return `has ${bits} bits, ${expected}`;
    return key.export({ format: 'jwk' }).n === n ? undefined : `is not in its shortest form, ${expected}`;
  } catch {
    return `is not a modulus, ${expected}`;
  }
}
