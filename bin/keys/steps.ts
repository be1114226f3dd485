/** When each step of a rotation is allowed. docs/operations/rotate-signing-key.md explains why. */
import type { SigningKeyConfig, SigningKeyState } from '../../lib/config/deployment-config.ts';
import type { RecordedKey } from './deployed-keys.ts';

/** The new state of a key. `remove` removes it from the config. */
export type Target = SigningKeyState | 'remove';

/** What a step depends on. */
export interface Situation {
  readonly deployed: readonly RecordedKey[];
  /** The `kid`s in the JWKS that One Login reads. Undefined if it could not be read. */
  readonly served: readonly string[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** A key may be stolen: no waiting times, but the same order. */
  readonly emergency: boolean;
}

export type Verdict =
  | { readonly kind: 'allowed'; readonly why: string }
  /** @property notBefore milliseconds since the epoch */
  | { readonly kind: 'too-early'; readonly why: string; readonly notBefore: number }
  | { readonly kind: 'refused'; readonly why: string };

/** The change of one key in a key list. */
export interface Step {
  readonly key: string;
  readonly from: SigningKeyState | 'new';
  readonly to: Target;
  readonly verdict: Verdict;
}

/** One Login keeps our JWKS for a day, in milliseconds. */
const cacheLifetime = 24 * 60 * 60 * 1000;

/** Lists the changes of a key list against the deployed keys, and whether each can be deployed now. */
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

/** A key of another system. */
export interface OtherKey {
  readonly kid: string;
  /** Whether the config has it. */
  readonly wanted: boolean;
  /** When it came into the JWKS, in milliseconds since the epoch. Undefined if it is not deployed. */
  readonly inJwksSince?: number;
}

/** Lists what a deployment would change in the keys of other systems. Only people know whether such a system still signs. */
export function judgeOtherKeys(keys: readonly OtherKey[]): readonly Step[] {
  return keys
    .filter(({ wanted, inJwksSince }) => wanted !== (inJwksSince !== undefined))
    .map(({ kid, wanted }) =>
      wanted
        ? {
            key: kid,
            from: 'new',
            to: 'publish',
            verdict: allowed('One Login reads the key of the other system'),
          }
        : {
            key: kid,
            from: 'publish',
            to: 'remove',
            verdict: allowed(
              'if the other system signs nothing any more; One Login may trust the key for another 24 hours',
            ),
          },
    );
}

/** Lists the next steps for each deployed key, now or later. */
export function listNextSteps(situation: Situation): readonly Step[] {
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
  if (to === 'publish') return allowed('One Login reads the key');
  return refused('a new key starts in publish: One Login must have read it before it signs');
}

function judgeChange(key: RecordedKey, to: Target, situation: Situation): Verdict {
  switch (to) {
    case 'publish':
      if (key.state === 'sign') return allowed('it stays in the JWKS while another key signs');
      return allowed('it is in the JWKS again');
    case 'sign':
      return judgeSigning(key, situation);
    case 'retire':
      if (key.state === 'publish')
        return allowAfter(key.since, situation, 'no request that it signed is under way');
      return situation.emergency
        ? allowed('sign-ins may fail during the deployment')
        : refused('it signs: first let another key sign, with this one in publish');
    case 'remove':
      if (key.state === 'retire') return allowAfter(key.since, situation, 'One Login no longer has it');
      return refused('retire it first: you can undo that step, but not this one');
  }
}

function judgeSigning(key: RecordedKey, situation: Situation): Verdict {
  const { served } = situation;
  if (key.inJwksSince === undefined) return refused('it is not in the JWKS: publish it first');
  if (key.keyState !== 'Enabled') return refused(`its state in KMS is ${key.keyState}: it cannot sign`);
  if (served === undefined) return refused('the JWKS that One Login reads could not be read: see above');
  if (!served.includes(key.keyId)) {
    return refused('it is not in the served JWKS: One Login would refuse its signatures');
  }
  return allowAfter(key.inJwksSince, situation, 'every cached copy of the JWKS has it');
}

function allowAfter(since: number, { now, emergency }: Situation, why: string): Verdict {
  const notBefore = since + cacheLifetime;
  if (emergency) return allowed('without waiting, because it is an emergency');
  return now >= notBefore ? allowed(why) : { kind: 'too-early', why: `wait until ${why}`, notBefore };
}

function allowed(why: string): Verdict {
  return { kind: 'allowed', why };
}

function refused(why: string): Verdict {
  return { kind: 'refused', why };
}
