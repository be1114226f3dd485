import type { SigningKeyConfig } from '../../lib/config/deployment-config.ts';
import { CommandError } from '../command.ts';
import type { Target } from './steps.ts';

/** The step of `--next`, such as `sign:2026-07`. */
export interface PlannedStep {
  readonly target: Target;
  readonly key: string;
}

/** @throws CommandError with the form of a step */
export function readStep(text: string): PlannedStep {
  const [, target, key] = /^(publish|sign|retire|remove):(.+)$/.exec(text) ?? [];
  if (target === undefined || key === undefined) {
    throw new CommandError(
      `--next: ${text} is not a step; allowed: publish:<key>, sign:<key>, retire:<key>, remove:<key>`,
    );
  }
  return { target: target as Target, key };
}

/**
 * Builds the key list after a step. When a key starts to sign, the previous one goes back to `publish`.
 *
 * @throws CommandError if there is no such key
 */
export function applyStep(
  { target, key }: PlannedStep,
  deployed: readonly SigningKeyConfig[],
): readonly SigningKeyConfig[] {
  const keys = deployed.map(({ name, state }) => ({ name, state }));
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
