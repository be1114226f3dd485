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

/** What a table's permissions depend on. */
export interface LocalTable {
  readonly arn: string;
  /** Of the key that encrypts it, if that is the account's own. */
  readonly keyArn?: string;
}

/** Creates the template's tables, and removes them again from a DynamoDB that outlives the environment. */
export class TableResources {
  readonly #client: DynamoDBClient;
  readonly #names = new Map<string, string>();
  readonly #tables = new Map<string, LocalTable>();

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  /** Table names by logical id. */
  get names(): ReadonlyMap<string, string> {
    return this.#names;
  }

  readonly handlers: Readonly<Record<string, ResourceHandler>> = {
    'AWS::DynamoDB::Table': async (resource) => {
      const input = readTable(resource);
      const keyArn = readKeyArn(resource.properties);
      resource.properties.end();
      const arn = await this.#create(resource.logicalId, input);
      this.#names.set(resource.logicalId, String(input.TableName));
      this.#tables.set(String(input.TableName), { arn, ...(keyArn === undefined ? {} : { keyArn }) });
      return { ref: String(input.TableName), attributes: { Arn: arn } };
    },
  };

  /** A table by its name. */
  find(name: string): LocalTable | undefined {
    return this.#tables.get(name);
  }

  async deleteAll(): Promise<void> {
    const deletions = [...this.#names.values()].map((TableName) =>
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

/**
 * The properties that decide how a table behaves. Left out is what the embedded DynamoDB lacks or what only
 * matters to data that is kept: recovery, expiry by time to live (late in AWS as well: every reader
 * checks it), protection, tags.
 */
function readTable({ logicalId, properties, stack }: ResourceRequest): CreateTableCommandInput {
  properties.ignore(
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'OnDemandThroughput',
    'PointInTimeRecoverySpecification',
    'ResourcePolicy',
    'TableClass',
    'Tags',
    'TimeToLiveSpecification',
    'WarmThroughput',
  );
  const throughput = properties.optionalObject('ProvisionedThroughput');
  const indexes = properties.objects('GlobalSecondaryIndexes').map((index) => ({
    ...readIndex(index),
    ...(throughput ? { ProvisionedThroughput: readThroughput(index.object('ProvisionedThroughput')) } : {}),
  }));
  const localIndexes = properties.objects('LocalSecondaryIndexes').map(readIndex);
  return {
    TableName: properties.optionalString('TableName') ?? physicalName(stack.name, logicalId),
    AttributeDefinitions: properties.objects('AttributeDefinitions').map((attribute) => ({
      AttributeName: attribute.string('AttributeName'),
      AttributeType: attribute.oneOf('AttributeType', ['S', 'N', 'B']),
    })),
    KeySchema: readKey(properties),
    BillingMode: properties.oneOf('BillingMode', ['PAY_PER_REQUEST', 'PROVISIONED'], 'PROVISIONED'),
    ...(throughput ? { ProvisionedThroughput: readThroughput(throughput) } : {}),
    ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
    ...(localIndexes.length > 0 ? { LocalSecondaryIndexes: localIndexes } : {}),
  };
}

/** Encryption itself has no local effect, but whoever uses the table needs the permission to use its key. */
function readKeyArn(properties: PropertyReader): string | undefined {
  const encryption = properties.optionalObject('SSESpecification');
  encryption?.ignore('SSEEnabled', 'SSEType');
  return encryption?.optionalString('KMSMasterKeyId');
}

function readIndex(index: PropertyReader) {
  const projection = index.object('Projection');
  const attributes = projection.strings('NonKeyAttributes');
  return {
    IndexName: index.string('IndexName'),
    KeySchema: readKey(index),
    Projection: {
      ProjectionType: projection.oneOf('ProjectionType', ['ALL', 'KEYS_ONLY', 'INCLUDE']),
      ...(attributes.length > 0 ? { NonKeyAttributes: attributes } : {}),
    },
  };
}

function readKey(properties: PropertyReader) {
  return properties.objects('KeySchema').map((key) => ({
    AttributeName: key.string('AttributeName'),
    KeyType: key.oneOf('KeyType', ['HASH', 'RANGE']),
  }));
}

function readThroughput(throughput: PropertyReader) {
  return {
    ReadCapacityUnits: throughput.optionalNumber('ReadCapacityUnits'),
    WriteCapacityUnits: throughput.optionalNumber('WriteCapacityUnits'),
  };
}

/** As CloudFormation names what has no name: unlike any other, so that several environments can share a DynamoDB. */
function physicalName(stackName: string, logicalId: string): string {
  return `${stackName}-${logicalId}-${randomBytes(6).toString('hex').toUpperCase()}`;
}
