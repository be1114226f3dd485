import { randomBytes } from 'node:crypto';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { StartError } from '../start-error.ts';
import type { ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import { deleteExpired, type ExpiringTable } from './time-to-live.ts';

/** A table as permissions refer to it. */
export interface LocalTable {
  readonly arn: string;
  /** The ARN of the key that encrypts it, if that is the account's own. */
  readonly keyArn?: string;
}

/** Creates the template's tables, keeps them when the stack is created again, and deletes them from a DynamoDB that outlives the environment. */
export class TableResources {
  readonly #client: DynamoDBClient;
  /** Table names by logical id. */
  readonly names = new Map<string, string>();
  readonly #tables = new Map<string, LocalTable>();
  /** By name. */
  readonly #expiring = new Map<string, ExpiringTable>();

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  readonly handlers: Readonly<Record<string, ResourceHandler>> = {
    'AWS::DynamoDB::Table': async (resource) => {
      const input = readTable(resource);
      const keyArn = readKeyArn(resource.properties);
      const attribute = readTimeToLive(resource.properties);
      resource.properties.end();
      const known = this.names.get(resource.logicalId);
      const name = known ?? String(input.TableName);
      const arn = this.find(name)?.arn ?? (await this.#create(resource.logicalId, input));
      this.names.set(resource.logicalId, name);
      const keyNames = (input.KeySchema ?? []).map(({ AttributeName: keyName }) => String(keyName));
      if (attribute === undefined) this.#expiring.delete(name);
      else this.#expiring.set(name, { name, keyNames, attribute });
      this.#tables.set(name, { arn, ...(keyArn === undefined ? {} : { keyArn }) });
      return { ref: name, attributes: { Arn: arn } };
    },
  };

  find(name: string): LocalTable | undefined {
    return this.#tables.get(name);
  }

  /** Deletes the items whose time to live is over. @param now seconds since the epoch */
  async deleteExpired(now: number): Promise<void> {
    for (const table of this.#expiring.values()) await deleteExpired(this.#client, table, now);
  }

  async deleteAll(): Promise<void> {
    const deletions = [...this.names.values()].map((TableName) =>
      this.#client.send(new DeleteTableCommand({ TableName })),
    );
    await Promise.allSettled(deletions);
  }

  async #create(logicalId: string, input: CreateTableCommandInput): Promise<string> {
    try {
      const { TableDescription: description } = await this.#client.send(new CreateTableCommand(input));
      await this.#untilActive(String(input.TableName));
      return description?.TableArn ?? '';
    } catch (error) {
      const reason = error instanceof Error ? `${error.name} ${error.message}`.trim() : String(error);
      throw new StartError(`DynamoDB did not create the table ${input.TableName} of ${logicalId}: ${reason}`);
    }
  }

  async #untilActive(TableName: string): Promise<void> {
    for (;;) {
      const { Table } = await this.#client.send(new DescribeTableCommand({ TableName }));
      if (Table?.TableStatus === 'ACTIVE') return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function readTable({ logicalId, properties, stack }: ResourceRequest): CreateTableCommandInput {
  return {
    // Several environments can share a DynamoDB: the name is unique, as CloudFormation's are.
    TableName: `${stack.name}-${logicalId}-${randomBytes(6).toString('hex').toUpperCase()}`,
    AttributeDefinitions: properties.objects('AttributeDefinitions').map((attribute) => ({
      AttributeName: attribute.string('AttributeName'),
      AttributeType: attribute.oneOf('AttributeType', ['S']),
    })),
    KeySchema: properties.objects('KeySchema').map((key) => ({
      AttributeName: key.string('AttributeName'),
      KeyType: key.oneOf('KeyType', ['HASH', 'RANGE']),
    })),
    BillingMode: properties.oneOf('BillingMode', ['PAY_PER_REQUEST']),
  };
}

/** Encryption itself has no local effect, but a caller of the table needs the permission to use its key. */
function readKeyArn(properties: PropertyReader): string | undefined {
  const encryption = properties.optionalObject('SSESpecification');
  encryption?.ignore('SSEEnabled', 'SSEType');
  return encryption?.optionalString('KMSMasterKeyId');
}

/** @returns the attribute with the end of an item; undefined if items do not end */
function readTimeToLive(properties: PropertyReader): string | undefined {
  const timeToLive = properties.optionalObject('TimeToLiveSpecification');
  const attribute = timeToLive?.string('AttributeName');
  return timeToLive?.json('Enabled') === true ? attribute : undefined;
}
