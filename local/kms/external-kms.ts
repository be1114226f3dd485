import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DisableKeyCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { StartError } from '../start-error.ts';
import type { KeyMaker } from './key-resource.ts';
import type { NewKey } from './key-store.ts';

/** Makes keys in a KMS elsewhere (AWS_ENDPOINT_URL_KMS), and schedules their deletion in the end. */
export class ExternalKms implements KeyMaker {
  readonly #client: KMSClient;
  readonly #keyIds: string[] = [];
  readonly #aliases: string[] = [];

  constructor(client: KMSClient) {
    this.#client = client;
  }

  async createKey({ spec, usage, description, state }: NewKey): Promise<{ id: string; arn: string }> {
    const command = new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage, Description: description });
    const { KeyMetadata: metadata } = await this.#tell(() => this.#client.send(command));
    const { KeyId: id, Arn: arn } = metadata ?? {};
    if (id === undefined || arn === undefined) throw new StartError('KMS answered CreateKey without a key');
    this.#keyIds.push(id);
    if (state === 'Disabled') await this.#tell(() => this.#client.send(new DisableKeyCommand({ KeyId: id })));
    return { id, arn };
  }

  async createAlias(alias: string, keyId: string): Promise<void> {
    await this.#tell(() =>
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

  async #tell<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      const reason = error instanceof Error ? `${error.name} ${error.message}`.trim() : String(error);
      throw new StartError(`the KMS of AWS_ENDPOINT_URL_KMS did not make a key: ${reason}`);
    }
  }
}
