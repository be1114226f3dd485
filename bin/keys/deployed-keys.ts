import { DescribeKeyCommand, type KMSClient, paginateListAliases } from '@aws-sdk/client-kms';
import type { SigningKeyState } from '../../lib/config/deployment-config.ts';
import { type RecordedFact, readKeyRecordAlias } from '../../lib/keys/key-record-aliases.ts';
import { CommandError } from '../command.ts';

/** A signing key as it is deployed. Times are milliseconds since the epoch. */
export interface DeployedKey {
  readonly name: string;
  /** Its `kid`, which is the id that KMS gave it. */
  readonly keyId: string;
  readonly createdAt: number;
  /** What KMS says of it, such as `Enabled`. */
  readonly keyState: string;
  readonly state: SigningKeyState;
  /** Since when it is in that state. */
  readonly since: number;
  /** Since when it is in the JWKS, whether it signs or not; undefined when it is retired. */
  readonly inJwksSince?: number;
}

interface Recorded {
  readonly key: string;
  readonly fact: RecordedFact;
  readonly keyId: string;
  readonly at: number;
}

/**
 * Reads what is deployed from KMS alone: the aliases that the stack keeps for this (`lib/keys/key-record.ts`), and the keys.
 * Needs `kms:ListAliases` and `kms:DescribeKey`.
 *
 * @param deployment its name
 * @throws CommandError when a deployment is under way, or KMS doesn't answer
 */
export async function readDeployedKeys(kms: KMSClient, deployment: string): Promise<readonly DeployedKey[]> {
  const records = await readRecords(kms, deployment);
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
          `the key ${name} is between two states: a deployment of ${deployment} is under way, or has failed and is not yet rolled back. Ask again when CloudFormation says that it is complete`,
        );
      }
      return {
        name,
        keyId: current.keyId,
        state: current.fact as SigningKeyState,
        since: current.at,
        ...(jwks === undefined ? {} : { inJwksSince: jwks.at }),
        ...(await describe(kms, current.keyId)),
      };
    }),
  );
}

async function readRecords(kms: KMSClient, deployment: string): Promise<readonly Recorded[]> {
  const records: Recorded[] = [];
  try {
    for await (const { Aliases: aliases = [] } of paginateListAliases({ client: kms }, {})) {
      for (const { AliasName: alias = '', TargetKeyId: keyId, CreationDate: created } of aliases) {
        const read = readKeyRecordAlias(alias);
        if (read?.deployment !== deployment || keyId === undefined || created === undefined) continue;
        records.push({ key: read.key, fact: read.fact, keyId, at: created.getTime() });
      }
    }
  } catch (error) {
    throw kmsFailed('kms:ListAliases', error);
  }
  return records;
}

async function describe(kms: KMSClient, keyId: string): Promise<Pick<DeployedKey, 'createdAt' | 'keyState'>> {
  try {
    const { KeyMetadata: metadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    return {
      createdAt: metadata?.CreationDate?.getTime() ?? Number.NaN,
      keyState: metadata?.KeyState ?? 'unknown',
    };
  } catch (error) {
    throw kmsFailed('kms:DescribeKey', error);
  }
}

function kmsFailed(action: string, error: unknown): CommandError {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new CommandError(
    `KMS does not answer ${action}, which needs credentials of the deployment's account: ${reason}`,
  );
}
