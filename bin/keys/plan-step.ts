import type { SigningKeyConfig } from '../../lib/config/deployment-config.ts';
import { CommandError } from '../command.ts';
import type { Target } from './steps.ts';

/** One step that a person asks about, such as `sign:2026-07`. */
export interface AskedStep {
  readonly target: Target;
  readonly key: string;
}

/** @throws CommandError saying how a step is written */
export function readAskedStep(text: string): AskedStep {
  const [, target, key] = /^(publish|sign|retire|remove):(.+)$/.exec(text) ?? [];
  if (target === undefined || key === undefined) {
    throw new CommandError(
      `--next: ${text} is no step; allowed: publish:<key>, sign:<key>, retire:<key>, remove:<key>`,
    );
  }
  return { target: target as Target, key };
}

/**
 * The key list after a step. When a key begins to sign, the one that signed until then stays in `publish`.
 *
 * @throws CommandError when there is no such key, or none would sign
 */
export function applyStep(
  { target, key }: AskedStep,
  keys: readonly SigningKeyConfig[],
): readonly SigningKeyConfig[] {
  const known = keys.some(({ name }) => name === key);
  if (!known && target !== 'publish') {
    const names = keys.map(({ name }) => name).join(', ') || 'none';
    throw new CommandError(`--next: there is no key ${key}; deployed: ${names}`);
  }
  if (target === 'remove') return keys.filter(({ name }) => name !== key);
  const others = keys.map((each) =>
    target === 'sign' && each.state === 'sign' ? { ...each, state: 'publish' as const } : each,
  );
  const step: SigningKeyConfig = { name: key, state: target };
  return known ? others.map((each) => (each.name === key ? step : each)) : [...others, step];
}
