import type { SigningKeyConfig } from '../../lib/config/deployment-config.ts';

/** A name that no key of the list has. */
export function newKeyName(keys: readonly SigningKeyConfig[]): string {
  const taken = new Set(keys.map(({ name }) => name));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'rehearsal' : `rehearsal-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The list with a new key, published. */
export function published(keys: readonly SigningKeyConfig[], name: string): readonly SigningKeyConfig[] {
  return [...keys, { name, state: 'publish' }];
}

/** The list with a new key that signs, and the one that did so before retired. */
export function switched(keys: readonly SigningKeyConfig[], name: string): readonly SigningKeyConfig[] {
  return [
    ...keys.map((key): SigningKeyConfig => (key.state === 'sign' ? { ...key, state: 'retire' } : key)),
    { name, state: 'sign' },
  ];
}
