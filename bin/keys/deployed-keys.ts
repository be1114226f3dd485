import { DescribeKeyCommand, type KMSClient, paginateListAliases } from '@aws-sdk/client-kms';
import type { SigningKeyState } from '../../lib/config/deployment-config.ts';
import {
  buildOtherKeyAlias,
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

/** Everything that the records in KMS contain about a deployment. */
export interface DeployedKeys {
  readonly keys: readonly RecordedKey[];
  /** Returns since when a key of another system is in the JWKS, or undefined. */
  readonly findOther: (kid: string) => number | undefined;
}

interface Recorded {
  readonly key: string;
  readonly fact: RecordedFact;
  readonly keyId: string;
  readonly at: number;
}

/**
 * Reads the deployed keys from KMS: the stack's aliases for this (`lib/keys/key-record.ts`), and the keys. It needs `kms:ListAliases` and `kms:DescribeKey`.
 *
 * @param deployment its name
 * @throws CommandError if a deployment is under way, or KMS does not respond
 */
export async function readDeployedKeys(kms: KMSClient, deployment: string): Promise<DeployedKeys> {
  const { records, aliases } = await readRecords(kms, deployment);
  const findOther = (kid: string) => aliases.get(buildOtherKeyAlias(deployment, kid));
  return { keys: await readRecordedKeys(kms, deployment, records), findOther };
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
      return {
        name,
        keyId: current.keyId,
        state: current.fact as SigningKeyState,
        since: current.at,
        ...(jwks === undefined ? {} : { inJwksSince: jwks.at }),
        ...(await describeKey(kms, current.keyId)),
      };
    }),
  );
}

async function readRecords(kms: KMSClient, deployment: string) {
  const records: Recorded[] = [];
  /** When each alias was made. */
  const aliases = new Map<string, number>();
  try {
    for await (const { Aliases: page = [] } of paginateListAliases({ client: kms }, {})) {
      for (const { AliasName: alias = '', TargetKeyId: keyId, CreationDate: created } of page) {
        if (keyId === undefined || created === undefined) continue;
        aliases.set(alias, created.getTime());
        const read = readKeyRecordAlias(alias);
        if (read?.deployment !== deployment) continue;
        records.push({ key: read.key, fact: read.fact, keyId, at: created.getTime() });
      }
    }
  } catch (error) {
    throw buildKmsError('kms:ListAliases', error);
  }
  return { records, aliases };
}

async function describeKey(
  kms: KMSClient,
  keyId: string,
): Promise<Pick<RecordedKey, 'createdAt' | 'keyState'>> {
  try {
    const { KeyMetadata: metadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    return {
      createdAt: metadata?.CreationDate?.getTime() ?? Number.NaN,
      keyState: metadata?.KeyState ?? 'unknown',
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
