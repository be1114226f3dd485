import type { KMSClient } from '@aws-sdk/client-kms';
import type { DeploymentConfig, SigningKeyConfig } from '../../lib/config/deployment-config.ts';
import { CommandError } from '../command.ts';
import { type DeployedKeys, type LeftKey, type RecordedKey, readDeployedKeys } from './deployed-keys.ts';
import {
  judgeKeyList,
  judgeOtherKeys,
  listNextSteps,
  type OtherKey,
  type Situation,
  type Step,
} from './steps.ts';

/** The longest time for the JWKS, in milliseconds. `npm run doctor` is stricter. */
const timeout = 5000;

/** The JWKS that One Login reads, or why it cannot. */
export type ServedJwks =
  | { readonly kind: 'read'; readonly url: string; readonly kids: readonly string[] }
  | { readonly kind: 'unreadable'; readonly url?: string; readonly why: string };

export interface InspectKeysOptions {
  readonly config: Pick<DeploymentConfig, 'name' | 'signingKeys' | 'publishedKeys' | 'account'>;
  /** The public URL up to and including `/auth`, if it is known. */
  readonly publicUrl: string | undefined;
  readonly kms: KMSClient;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly emergency: boolean;
  /** Builds the key list to check from the deployed keys. @default the config's */
  readonly plan?: ((deployed: readonly RecordedKey[]) => readonly SigningKeyConfig[]) | undefined;
}

/** The report about the signing keys of a deployment. */
export interface KeysReport {
  readonly deployment: string;
  readonly now: number;
  readonly emergency: boolean;
  readonly jwks: ServedJwks;
  readonly keys: readonly RecordedKey[];
  /** The keys of other systems that are deployed, or in the config. */
  readonly otherKeys: readonly OtherKey[];
  /** Signing keys that are in no stack. Undefined if the credentials may not list keys. */
  readonly left: readonly LeftKey[] | undefined;
  /** The key list to check. */
  readonly wanted: readonly SigningKeyConfig[];
  /** What its deployment would change. */
  readonly changes: readonly Step[];
  readonly next: readonly Step[];
  /** What is wrong now. */
  readonly problems: readonly string[];
}

/**
 * Compares the deployed keys, the served JWKS, and the key list of the config.
 *
 * @throws CommandError if the deployed keys cannot be read
 */
export async function inspectKeys(options: InspectKeysOptions): Promise<KeysReport> {
  const { config, kms, now, emergency } = options;
  const [{ keys, findOther, left }, jwks] = await Promise.all([
    readDeployedKeys(kms, config.name),
    readServedJwks(options.publicUrl),
  ]);
  const served = jwks.kind === 'read' ? jwks.kids : undefined;
  if (keys.length === 0 && served !== undefined && served.length > 0) {
    throw new CommandError(
      `${jwks.url} serves keys, but KMS has none of the deployment ${config.name}: are the credentials for the account${config.account === undefined ? '' : ` ${config.account}`}, and is the region right?`,
    );
  }
  const situation: Situation = { deployed: keys, served, now, emergency };
  const wanted = options.plan?.(keys) ?? config.signingKeys;
  const otherKeys = listOtherKeys(config, served, findOther);
  return {
    deployment: config.name,
    now,
    emergency,
    jwks,
    keys,
    otherKeys,
    left,
    wanted,
    changes: [...judgeKeyList(wanted, situation), ...judgeOtherKeys(otherKeys)],
    next: listNextSteps(situation),
    problems: findProblems(keys, otherKeys, jwks),
  };
}

/** Returns whether every change can be deployed now and nothing is wrong. In an emergency something always is wrong. */
export function isDeployable({ changes, problems, emergency }: KeysReport): boolean {
  return (emergency || problems.length === 0) && changes.every(({ verdict }) => verdict.kind === 'allowed');
}

/** The keys of the config, and those that are served and recorded. */
function listOtherKeys(
  { publishedKeys }: InspectKeysOptions['config'],
  served: readonly string[] = [],
  findOther: DeployedKeys['findOther'],
): readonly OtherKey[] {
  const wanted = publishedKeys.map(({ kid }) => kid);
  const kids = [...wanted, ...served.filter((kid) => findOther(kid) !== undefined)];
  return [...new Set(kids)].map((kid) => {
    const inJwksSince = findOther(kid);
    return { kid, wanted: wanted.includes(kid), ...(inJwksSince === undefined ? {} : { inJwksSince }) };
  });
}

function findProblems(
  keys: readonly RecordedKey[],
  otherKeys: readonly OtherKey[],
  jwks: ServedJwks,
): readonly string[] {
  const inJwks = keys.filter(({ state }) => state !== 'retire');
  const unusable = inJwks
    .filter(({ keyState }) => keyState !== 'Enabled')
    .map(({ name, keyState }) => `the key ${name} is ${keyState} in KMS: it cannot sign`);
  if (keys.length === 0) return [];
  if (jwks.kind === 'unreadable') {
    return [...unusable, `the JWKS ${jwks.url ?? 'that One Login reads'} could not be read: ${jwks.why}`];
  }
  const { kids, url } = jwks;
  const missing = inJwks
    .filter(({ keyId }) => !kids.includes(keyId))
    .map(({ name }) => `the key ${name} is missing from ${url}: is that the URL of this deployment?`);
  const missingOthers = otherKeys
    .filter(({ kid, inJwksSince }) => inJwksSince !== undefined && !kids.includes(kid))
    .map(
      ({ kid }) =>
        `the key ${kid} of another system is missing from ${url}: is that the URL of this deployment?`,
    );
  const unknown = kids
    .filter((kid) => inJwks.every(({ keyId }) => keyId !== kid))
    .filter((kid) => otherKeys.every((other) => other.kid !== kid))
    .map((kid) => `${url} has a key that is not deployed: ${kid}`);
  return [...unusable, ...missing, ...missingOthers, ...unknown];
}

/**
 * Reads the `kid`s in our JWKS as One Login does.
 *
 * @param publicUrl the public URL up to and including `/auth`, if it is known
 */
async function readServedJwks(publicUrl: string | undefined): Promise<ServedJwks> {
  if (publicUrl === undefined) {
    const why = "the config has no publicUrl: use --public-url with the stack's output PublicUrl";
    return { kind: 'unreadable', why };
  }
  const url = `${publicUrl}/.well-known/jwks.json`;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (response.status !== 200) return { kind: 'unreadable', url, why: `it returns ${response.status}` };
    const { keys }: { keys?: unknown } = Object(await response.json());
    if (!Array.isArray(keys)) return { kind: 'unreadable', url, why: 'it is not a JWKS' };
    return { kind: 'read', url, kids: keys.map((key: unknown) => String(Object(key).kid)) };
  } catch (error) {
    const { cause = error }: { cause?: unknown } = Object(error);
    return { kind: 'unreadable', url, why: String(Object(cause).message ?? cause) };
  }
}
