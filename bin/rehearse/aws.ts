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

/** A request before it is authorized. */
export interface AwsRequest {
  readonly service: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Finds the address for a request, and adds the headers that authorize it. */
export type Authorize = (
  request: AwsRequest,
) => Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;

/** Returns how requests reach the emulator. It finds the service by the scope, and does not check the signature. */
export function authorizeForEmulator(endpoint: string, account: string, region: string): Authorize {
  return async ({ service, path, headers }) => ({
    url: `${endpoint}${path}`,
    headers: {
      ...headers,
      Authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
    },
  });
}

/** Reads from AWS, or its emulator, what the CDK CLI does not print. Every call is a request of AWS's own API. */
export class Aws {
  readonly #authorize: Authorize;

  constructor(authorize: Authorize) {
    this.#authorize = authorize;
  }

  /** Reads which account the credentials belong to. */
  async readAccount(): Promise<string> {
    return readTag(await this.#query('sts', 'GetCallerIdentity', '2011-06-15'), 'Account');
  }

  /** Whether there is a stack with this name, in any state but deleted. */
  async hasStack(name: string): Promise<boolean> {
    try {
      const answer = await this.#query('cloudformation', 'DescribeStacks', '2010-05-15', { StackName: name });
      return ['', 'DELETE_COMPLETE'].includes(readTag(answer, 'StackStatus')) === false;
    } catch (error) {
      if (/does not exist/.test(String(error))) return false;
      throw error;
    }
  }

  /** Reads the state of a KMS key. @returns undefined if there is none */
  async readKeyState(id: string): Promise<string | undefined> {
    const answer = await this.#find(() => this.#call('kms', 'TrentService.DescribeKey', { KeyId: id }));
    return answer && JSON.parse(answer).KeyMetadata.KeyState;
  }

  /** Whether there is a table with this name. A table that is being deleted counts. */
  async hasTable(name: string): Promise<boolean> {
    const describe = () => this.#call('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName: name });
    return (await this.#find(describe)) !== undefined;
  }

  /** Lists the log groups whose names begin with a prefix, at most 50. */
  async listLogGroups(prefix: string): Promise<readonly string[]> {
    const input = { logGroupNamePrefix: prefix };
    const { logGroups = [] } = JSON.parse(await this.#call('logs', 'Logs_20140328.DescribeLogGroups', input));
    return logGroups.map(({ logGroupName: name }: { readonly logGroupName: string }) => name);
  }

  async #find(describe: () => Promise<string>): Promise<string | undefined> {
    try {
      return await describe();
    } catch (error) {
      if (/NotFoundException/.test(String(error))) return undefined;
      throw error;
    }
  }

  /** Reads the status of a stack. @returns undefined if there is none */
  async readStackStatus(name: string): Promise<string | undefined> {
    const answer = await this.#query('cloudformation', 'ListStacks', '2010-05-15');
    return readMembers(answer)
      .map((each) => [readTag(each, 'StackName'), readTag(each, 'StackStatus')])
      .find(([each, status]) => each === name && status !== 'DELETE_COMPLETE')?.[1];
  }

  async listStackResources(name: string): Promise<readonly StackResource[]> {
    const resources: StackResource[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const parameters = { StackName: name, ...(next === '' ? {} : { NextToken: next }) };
      const answer = await this.#query('cloudformation', 'ListStackResources', '2010-05-15', parameters);
      resources.push(...readMembers(answer).map(readResource));
      next = readTag(answer, 'NextToken') || undefined;
    }
    return resources;
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
    const type = `application/x-amz-json-${service === 'dynamodb' ? '1.0' : '1.1'}`;
    return this.#send(service, { body: JSON.stringify(input), type, target });
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
    const method = body === undefined ? 'GET' : 'POST';
    const { url, headers } = await this.#authorize({
      service,
      method,
      path,
      headers: {
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...(target === undefined ? {} : { 'X-Amz-Target': target }),
      },
      body: body ?? '',
    });
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const answer = await response.text();
    if (!response.ok) {
      throw new CommandError(`AWS responds to ${service} with ${response.status}: ${answer.slice(0, 400)}`);
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
