/** Which steps of a rotation may be taken when; docs/operations/rotate-signing-key.md says why. */
import type { SigningKeyConfig, SigningKeyState } from '../../lib/config/deployment-config.ts';
import type { DeployedKey } from './deployed-keys.ts';

/** Where a key may be led; `remove` takes it out of the config. */
export type Target = SigningKeyState | 'remove';

/** What a step depends on. */
export interface Situation {
  readonly deployed: readonly DeployedKey[];
  /** The `kid`s in the JWKS that One Login reads; undefined when it could not be read. */
  readonly served: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A key is in wrong hands: waits don't count, the order does. */
  readonly emergency: boolean;
}

export type Verdict =
  | { readonly kind: 'allowed'; readonly why: string }
  /** @property notBefore milliseconds since the epoch */
  | { readonly kind: 'too-early'; readonly why: string; readonly notBefore: number }
  | { readonly kind: 'refused'; readonly why: string };

/** One key's part of a changed key list. */
export interface Step {
  readonly key: string;
  readonly from: SigningKeyState | 'new';
  readonly to: Target;
  readonly verdict: Verdict;
}

/** One Login keeps what it read of our JWKS for a day, in milliseconds. */
const cacheLifetime = 24 * 60 * 60 * 1000;

/** What of a wanted key list differs from what is deployed, and whether it may be deployed now. */
export function judgeKeyList(wanted: readonly SigningKeyConfig[], situation: Situation): readonly Step[] {
  const { deployed } = situation;
  const changed = wanted.filter(
    ({ name, state }) => deployed.find((key) => key.name === name)?.state !== state,
  );
  const removed = deployed.filter((key) => wanted.every(({ name }) => name !== key.name));
  return [
    ...changed.map(({ name, state }) => judgeStep(name, state, situation)),
    ...removed.map(({ name }) => judgeStep(name, 'remove', situation)),
  ];
}

/** The steps that come next for each deployed key, now or later. */
export function nextSteps(situation: Situation): readonly Step[] {
  const targets = {
    publish: ['sign', 'retire'],
    sign: [],
    retire: ['publish', 'remove'],
  } as const satisfies Record<SigningKeyState, readonly Target[]>;
  return situation.deployed.flatMap(({ name, state }) =>
    targets[state].map((target) => judgeStep(name, target, situation)),
  );
}

export function judgeStep(name: string, to: Target, situation: Situation): Step {
  const key = situation.deployed.find((each) => each.name === name);
  const verdict = key === undefined ? judgeNewKey(to, situation) : judgeChange(key, to, situation);
  return { key: name, from: key?.state ?? 'new', to, verdict };
}

function judgeNewKey(to: Target, { deployed }: Situation): Verdict {
  if (to === 'remove') return refused('there is no such key');
  if (deployed.length === 0) return allowed('nothing is deployed yet');
  if (to === 'publish') return allowed('One Login gets to know the key');
  return refused('a new key begins in publish: One Login has to know it before it signs');
}

function judgeChange(key: DeployedKey, to: Target, situation: Situation): Verdict {
  switch (to) {
    case 'publish':
      if (key.state === 'sign') return allowed('stays known to One Login while another key signs');
      return allowed('comes back into the JWKS');
    case 'sign':
      return judgeSigning(key, situation);
    case 'retire':
      if (key.state === 'publish') return after(key.since, situation, 'nothing that it signed is under way');
      return situation.emergency
        ? allowed('sign-ins may fail while the deployment is under way')
        : refused('it signs: first let another key sign and this one stay in publish');
    case 'remove':
      if (key.state === 'retire') return after(key.since, situation, 'One Login has forgotten it by then');
      return refused('retire it first: that step can be undone, this one can not');
  }
}

function judgeSigning(key: DeployedKey, situation: Situation): Verdict {
  const { served } = situation;
  if (key.inJwksSince === undefined) return refused('it is not in the JWKS: publish it first');
  if (key.keyState !== 'Enabled') return refused(`its state in KMS is ${key.keyState}: it can't sign`);
  if (served === undefined) return refused('the JWKS that One Login reads could not be read: see above');
  if (!served.includes(key.keyId)) {
    return refused('it is not in the JWKS that is served: One Login would refuse what it signs');
  }
  return after(key.inJwksSince, situation, 'every cached copy of the JWKS has it');
}

function after(since: number, { now, emergency }: Situation, why: string): Verdict {
  const notBefore = since + cacheLifetime;
  if (emergency) return allowed('without the wait, since it is an emergency');
  return now >= notBefore ? allowed(why) : { kind: 'too-early', why: `wait until ${why}`, notBefore };
}

function allowed(why: string): Verdict {
  return { kind: 'allowed', why };
}

function refused(why: string): Verdict {
  return { kind: 'refused', why };
}
