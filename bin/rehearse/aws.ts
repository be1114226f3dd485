import { CommandError } from '../command.ts';

/** A resource of a deployed stack. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** An event of a stack, the newest first. */
export interface StackEvent extends StackResource {
  readonly status: string;
}

/** Reads from the emulator what the CDK CLI does not print. Every call is a request of AWS's own API. */
export class Aws {
  readonly #endpoint: string;
  readonly #account: string;
  readonly #region: string;

  constructor(endpoint: string, account: string, region: string) {
    this.#endpoint = endpoint;
    this.#account = account;
    this.#region = region;
  }

  /** Reads the status of a stack. @returns undefined if there is none */
  async readStackStatus(name: string): Promise<string | undefined> {
    const answer = await this.#query('cloudformation', 'ListStacks', '2010-05-15');
    return readMembers(answer)
      .map((each) => [readTag(each, 'StackName'), readTag(each, 'StackStatus')])
      .find(([each, status]) => each === name && status !== 'DELETE_COMPLETE')?.[1];
  }

  async listStackResources(name: string): Promise<readonly StackResource[]> {
    const parameters = { StackName: name };
    const answer = await this.#query('cloudformation', 'DescribeStackResources', '2010-05-15', parameters);
    return readMembers(answer).map(readResource);
  }

  async listStackEvents(name: string): Promise<readonly StackEvent[]> {
    const answer = await this.#query('cloudformation', 'DescribeStackEvents', '2010-05-15', {
      StackName: name,
    });
    return readMembers(answer).map((each) => ({
      ...readResource(each),
      status: readTag(each, 'ResourceStatus'),
    }));
  }

  /** Whether KMS has a key with this id, or had it until the stack was deleted. */
  async hasKey(id: string): Promise<boolean> {
    const described = this.#call('kms', 'TrentService.DescribeKey', { KeyId: id });
    return described.then(
      () => true,
      () => false,
    );
  }

  /** Lists everything in the account, as AWS's own lists show it, without keys that wait for their deletion. */
  async dumpLists(): Promise<string> {
    const lists = await Promise.all([
      this.#query('iam', 'ListRoles', '2010-05-08'),
      this.#query('sns', 'ListTopics', '2010-03-31'),
      this.#query('monitoring', 'DescribeAlarms', '2010-08-01'),
      this.#query('monitoring', 'ListDashboards', '2010-08-01'),
      this.#send('lambda', { path: '/2015-03-31/functions/' }),
      this.#send('apigateway', { path: '/restapis' }),
      this.#send('apigateway', { path: '/domainnames' }),
      this.#call('dynamodb', 'DynamoDB_20120810.ListTables'),
      this.#call('logs', 'Logs_20140328.DescribeLogGroups'),
      this.#call('events', 'AWSEvents.ListRules'),
      this.#call('sqs', 'AmazonSQS.ListQueues'),
      this.#call('ssm', 'AmazonSSM.DescribeParameters'),
      this.#call('secretsmanager', 'secretsmanager.ListSecrets'),
      this.#call('wafv2', 'AWSWAF_20190729.ListWebACLs', { Scope: 'REGIONAL' }),
      this.#call('acm', 'CertificateManager.ListCertificates'),
      this.#call('kms', 'TrentService.ListAliases'),
      this.#listKeys(),
    ]);
    return lists.join('\n');
  }

  async #listKeys(): Promise<string> {
    const { Keys: keys } = JSON.parse(await this.#call('kms', 'TrentService.ListKeys'));
    const described = await Promise.all(
      keys.map(async ({ KeyId }: { readonly KeyId: string }) => {
        const answer = await this.#call('kms', 'TrentService.DescribeKey', { KeyId });
        return JSON.parse(answer).KeyMetadata;
      }),
    );
    return JSON.stringify(described.filter(({ KeyState }) => KeyState !== 'PendingDeletion'));
  }

  #query(service: string, action: string, version: string, parameters = {}): Promise<string> {
    const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
    return this.#send(service, { body, type: 'application/x-www-form-urlencoded' });
  }

  #call(service: string, target: string, input: object = {}): Promise<string> {
    return this.#send(service, { body: JSON.stringify(input), type: 'application/x-amz-json-1.1', target });
  }

  async #send(
    service: string,
    request: {
      readonly path?: string;
      readonly body?: string;
      readonly type?: string;
      readonly target?: string;
    },
  ): Promise<string> {
    const { path = '/', body, type, target } = request;
    const scope = `${this.#account}/20260101/${this.#region}/${service}/aws4_request`;
    const response = await fetch(`${this.#endpoint}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        // The emulator finds the service by the scope, and does not check the signature.
        Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...(target === undefined ? {} : { 'X-Amz-Target': target }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const answer = await response.text();
    if (!response.ok) {
      throw new CommandError(
        `the emulator answers ${service} with ${response.status}: ${answer.slice(0, 200)}`,
      );
    }
    return answer;
  }
}

function readMembers(xml: string): readonly string[] {
  return xml.split('<member>').slice(1);
}

function readTag(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1] ?? '';
}

function readResource(xml: string): StackResource {
  return {
    logicalId: readTag(xml, 'LogicalResourceId'),
    physicalId: readTag(xml, 'PhysicalResourceId'),
    type: readTag(xml, 'ResourceType'),
  };
}
