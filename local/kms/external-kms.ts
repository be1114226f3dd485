import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { StartError } from '../start-error.ts';
import type { KeyMaker } from './key-resource.ts';
import type { KeySpec } from './key-store.ts';

/** Creates keys in the KMS of AWS_ENDPOINT_URL_KMS, and schedules their deletion in the end. */
export class ExternalKms implements KeyMaker {
  readonly #client: KMSClient;
  readonly #keyIds: string[] = [];
  readonly #aliases: string[] = [];

  constructor(client: KMSClient) {
    this.#client = client;
  }

  async create(spec: KeySpec, description: string): Promise<{ id: string; arn: string }> {
    const usage = spec === 'RSA_2048' ? 'SIGN_VERIFY' : 'ENCRYPT_DECRYPT';
    const command = new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage, Description: description });
    const { KeyMetadata: metadata } = await this.#explainFailure(() => this.#client.send(command));
    const { KeyId: id, Arn: arn } = metadata ?? {};
    if (id === undefined || arn === undefined) throw new StartError('KMS returned no key for CreateKey');
    this.#keyIds.push(id);
    return { id, arn };
  }

  async addAlias(alias: string, keyId: string): Promise<void> {
    await this.#explainFailure(() =>
      this.#client.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId })),
    );
    this.#aliases.push(alias);
  }

  async deleteAll(): Promise<void> {
    await Promise.allSettled([
      ...this.#aliases.map((AliasName) => this.#client.send(new DeleteAliasCommand({ AliasName }))),
      ...this.#keyIds.map((KeyId) =>
        this.#client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 })),
      ),
    ]);
  }

  async #explainFailure<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      const reason = error instanceof Error ? `${error.name} ${error.message}`.trim() : String(error);
      throw new StartError(`the KMS of AWS_ENDPOINT_URL_KMS did not create a key: ${reason}`);
    }
  }
}
