import {
  DescribeKeyCommand,
  type KMSClient,
  paginateListAliases,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import type { SigningKeyState } from '../../lib/config/deployment-config.ts';
import {
  buildOtherKeyAlias,
  buildSigningKeyDescription,
  type RecordedFact,
  readKeyRecordAlias,
} from '../../lib/keys/key-record-aliases.ts';
import { CommandError } from '../command.ts';

/** A deployed signing key, from the records in KMS. Times are milliseconds since the epoch. */
export interface RecordedKey {
  readonly name: string;
  /** Its `kid`, which is its id in KMS. */
  readonly keyId: string;
  readonly createdAt: number;
  /** Its state in KMS, such as `Enabled`. */
  readonly keyState: string;
  readonly state: SigningKeyState;
  /** When it got its state. */
  readonly since: number;
  /** When it came into the JWKS. Undefined if it is retired. */
  readonly inJwksSince?: number;
}

/** A signing key of the deployment that is in no stack: a failed deployment, or a stack that is gone, left it. */
export interface LeftKey {
  readonly keyId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Its state in KMS, such as `Enabled`. */
  readonly keyState: string;
}

/** Everything that the records in KMS contain about a deployment. */
export interface DeployedKeys {
  readonly keys: readonly RecordedKey[];
  /** Returns since when a key of another system is in the JWKS, or undefined. */
  readonly findOther: (kid: string) => number | undefined;
  /** Undefined if the credentials may not list keys. */
  readonly left: readonly LeftKey[] | undefined;
}

interface Recorded {
  readonly key: string;
  readonly fact: RecordedFact;
  readonly keyId: string;
  readonly at: number;
}

/**
 * Reads the deployed keys from KMS: the stack's aliases for this (`lib/keys/key-record.ts`), and the keys. It needs `kms:ListAliases` and `kms:DescribeKey`, and `kms:ListKeys` for keys that are left.
 *
 * @param deployment its name
 * @throws CommandError if a deployment is under way, or KMS does not respond
 */
export async function readDeployedKeys(kms: KMSClient, deployment: string): Promise<DeployedKeys> {
  const { records, aliases, keyIds } = await readRecords(kms, deployment);
  const findOther = (kid: string) => aliases.get(buildOtherKeyAlias(deployment, kid));
  const [keys, left] = await Promise.all([
    readRecordedKeys(kms, deployment, records),
    findLeftKeys(kms, deployment, keyIds),
  ]);
  return { keys, findOther, left };
}

/** Finds the signing keys of the deployment without an alias, except those that wait for their deletion. */
async function findLeftKeys(
  kms: KMSClient,
  deployment: string,
  withAlias: ReadonlySet<string>,
): Promise<readonly LeftKey[] | undefined> {
  const left: LeftKey[] = [];
  try {
    for await (const { Keys: page = [] } of paginateListKeys({ client: kms }, {})) {
      for (const { KeyId: keyId = '' } of page.filter((key) => !withAlias.has(key.KeyId ?? ''))) {
        const { description, ...state } = await describeKey(kms, keyId);
        if (description !== buildSigningKeyDescription(deployment)) continue;
        if (state.keyState !== 'PendingDeletion') left.push({ keyId, ...state });
      }
    }
  } catch (error) {
    // A role that may read a deployment's own keys may not be allowed to read those of others.
    if (/AccessDenied/.test(String(error))) return undefined;
    throw error instanceof CommandError ? error : buildKmsError('kms:ListKeys', error);
  }
  return left;
}

async function readRecordedKeys(
  kms: KMSClient,
  deployment: string,
  records: readonly Recorded[],
): Promise<readonly RecordedKey[]> {
  const names = [...new Set(records.map(({ key }) => key))].sort();
  return Promise.all(
    names.map(async (name) => {
      const ofKey = records.filter(({ key }) => key === name);
      const jwks = ofKey.find(({ fact }) => fact === 'jwks');
      const [current, ...others] = ofKey.filter(({ fact }) => fact !== 'jwks');
      if (
        current === undefined ||
        others.length > 0 ||
        (jwks === undefined) !== (current.fact === 'retire')
      ) {
        throw new CommandError(
          `the key ${name} is between two states: a deployment of ${deployment} is under way, or has failed and is not yet rolled back. Try again when CloudFormation shows that it is complete`,
        );
      }
      const { createdAt, keyState } = await describeKey(kms, current.keyId);
      return {
        name,
        keyId: current.keyId,
        state: current.fact as SigningKeyState,
        since: current.at,
        ...(jwks === undefined ? {} : { inJwksSince: jwks.at }),
        createdAt,
        keyState,
      };
    }),
  );
}

async function readRecords(kms: KMSClient, deployment: string) {
  const records: Recorded[] = [];
  /** When each alias was made. */
  const aliases = new Map<string, number>();
  const keyIds = new Set<string>();
  try {
    for await (const { Aliases: page = [] } of paginateListAliases({ client: kms }, {})) {
      for (const { AliasName: alias = '', TargetKeyId: keyId, CreationDate: created } of page) {
        if (keyId === undefined || created === undefined) continue;
        aliases.set(alias, created.getTime());
        keyIds.add(keyId);
        const read = readKeyRecordAlias(alias);
        if (read?.deployment !== deployment) continue;
        records.push({ key: read.key, fact: read.fact, keyId, at: created.getTime() });
      }
    }
  } catch (error) {
    throw buildKmsError('kms:ListAliases', error);
  }
  return { records, aliases, keyIds };
}

async function describeKey(
  kms: KMSClient,
  keyId: string,
): Promise<Pick<RecordedKey, 'createdAt' | 'keyState'> & { readonly description: string | undefined }> {
  try {
    const { KeyMetadata: metadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    return {
      createdAt: metadata?.CreationDate?.getTime() ?? Number.NaN,
      keyState: metadata?.KeyState ?? 'unknown',
      description: metadata?.Description,
    };
  } catch (error) {
    throw buildKmsError('kms:DescribeKey', error);
  }
}

function buildKmsError(action: string, error: unknown): CommandError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CommandError(
    `KMS does not respond to ${action}, which needs credentials of the deployment's account: ${reason}`,
  );
}
