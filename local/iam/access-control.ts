import type { AwsCall } from '../aws/aws-call.ts';
import type { CreatedResource, ResourceHandlers, ResourceRequest } from '../template/create-stack.ts';
import type { Json } from '../template/json.ts';
import type { StackIdentity } from '../template/stack-identity.ts';
import { type CallTargets, listAccessRequests } from './access-requests.ts';
import { type AccessRequest, allows, readStatements, type Statement } from './policy.ts';

/** An action on a resource that a function's role allows. */
export interface Allowance {
  /** The function's logical id. */
  readonly functionId: string;
  readonly action: string;
  /** As in the role: an ARN, or a pattern. */
  readonly resource: string;
  /** The logical id of the resource, if it is in the template. */
  readonly resourceId?: string | undefined;
}

/** A request that a function's role or a key's policy did not allow. */
export interface Denial extends Allowance {
  /** As AWS words it. */
  readonly message: string;
}

/**
 * Lets functions do what their roles allow, as IAM does, by the policies within a role and the policies of keys. It
 * records what was used and what was refused.
 */
export class AccessControl {
  readonly #stack: StackIdentity;
  readonly #targets: CallTargets;
  readonly #onChange: () => unknown;
  /** By ARN. */
  readonly #roles = new Map<string, readonly Statement[]>();
  /** By key ARN. */
  readonly #keyPolicies = new Map<string, readonly Statement[]>();
  /** Role ARNs by the functions' logical ids. */
  readonly #functions = new Map<string, string>();
  readonly #used = new Set<string>();
  /** Every request that was refused. */
  readonly denied: Denial[] = [];
  /** By ARN. */
  readonly #resourceIds = new Map<string, string>();

  /** @param onChange called, and waited for, when something else is allowed from now on */
  constructor(
    stack: StackIdentity,
    targets: Omit<CallTargets, 'region'>,
    onChange: () => unknown = () => {},
  ) {
    this.#stack = stack;
    this.#targets = { ...targets, region: stack.region };
    this.#onChange = onChange;
  }

  readonly handlers: ResourceHandlers = {
    'AWS::IAM::Role': (resource) => this.#createRole(resource),
  };

  /** What the functions' roles allow, for each action on each resource, and whether it was used. */
  get allowances(): readonly (Allowance & { readonly used: boolean })[] {
    return [...this.#functions].flatMap(([functionId, role]) =>
      this.#readRole(role).flatMap(({ actions, resources }) =>
        actions.flatMap((action) =>
          resources.map((resource) => {
            const allowance = { functionId, action, resource };
            return {
              ...allowance,
              resourceId: this.#resourceIds.get(resource),
              used: this.#used.has(JSON.stringify(allowance)),
            };
          }),
        ),
      ),
    );
  }

  /** Gives a function its role. A function whose role is not in the template may do anything. */
  async assign(functionId: string, roleArn: string): Promise<void> {
    if (this.#roles.has(roleArn)) this.#functions.set(functionId, roleArn);
    await this.#onChange();
  }

  /** Adds the logical ids to the allowances. */
  addLogicalIds(created: ReadonlyMap<string, CreatedResource>): void {
    for (const [logicalId, { attributes }] of created) {
      if (attributes?.['Arn'] !== undefined) this.#resourceIds.set(attributes['Arn'], logicalId);
    }
  }

  async protectKey(keyArn: string, policy: Json, fail: (problem: string) => never): Promise<void> {
    this.#keyPolicies.set(keyArn, readStatements(policy, fail));
    await this.#onChange();
  }

  /**
   * Refuses a call that its caller is not allowed. A caller that is not a function is allowed everything.
   *
   * @returns the message of AWS; undefined when the call is allowed
   */
  refuse(call: AwsCall): string | undefined {
    for (const request of listAccessRequests(call, this.#targets)) {
      const message = this.#refuse(call.caller, request);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  /** Lambda opens the log streams of a function, and writes to them, with the function's permission. */
  openLog(functionId: string, logGroupName: string): void {
    const { partition, region, accountId } = this.#stack;
    const resource = `arn:${partition}:logs:${region}:${accountId}:log-group:${logGroupName}:log-stream:local`;
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
      this.#refuse(functionId, { action, resource, context: {} });
    }
  }

  #refuse(functionId: string, asked: AccessRequest): string | undefined {
    const role = this.#functions.get(functionId);
    if (role === undefined) return undefined;
    const request = { ...asked, context: { ...asked.context, 'aws:PrincipalArn': role } };
    const { action, resource } = request;
    const byRole = this.#readRole(role).some((statement) => allows(statement, request));
    if (byRole && this.#keyAllows(request)) {
      this.#use(functionId, role, request);
      return undefined;
    }
    const reason = byRole
      ? `the key's policy does not allow it to the account`
      : `no identity-based policy allows the ${action} action`;
    const message = `User: ${role} is not authorized to perform: ${action} on resource: ${resource} because ${reason}`;
    this.denied.push({ functionId, action, resource, message });
    return message;
  }

  /** A role's policy counts only if the key's policy leaves the decision to the account. */
  #keyAllows(request: AccessRequest): boolean {
    const policy = this.#keyPolicies.get(request.resource);
    if (policy === undefined) return true;
    const { partition, accountId } = this.#stack;
    const account = `arn:${partition}:iam::${accountId}:root`;
    return policy.some((statement) => statement.principals.includes(account) && allows(statement, request));
  }

  #readRole(role: string): readonly Statement[] {
    return this.#roles.get(role) ?? [];
  }

  #use(functionId: string, role: string, request: AccessRequest): void {
    for (const statement of this.#readRole(role)) {
      for (const action of statement.actions) {
        for (const resource of statement.resources) {
          const only = { ...statement, actions: [action], resources: [resource] };
          if (allows(only, request)) this.#used.add(JSON.stringify({ functionId, action, resource }));
        }
      }
    }
  }

  /** Only the role of API Gateway itself has a managed policy: no function has one. */
  async #createRole({ logicalId, properties, stack }: ResourceRequest) {
    properties.ignore('AssumeRolePolicyDocument', 'Description', 'ManagedPolicyArns');
    const name = `${stack.name}-${logicalId}`;
    const path = properties.optionalString('Path') ?? '/';
    const arn = `arn:${stack.partition}:iam::${stack.accountId}:role${path}${name}`;
    const statements = properties.objects('Policies').flatMap((policy) => {
      policy.ignore('PolicyName');
      return readStatements(policy.json('PolicyDocument') ?? null, (problem) =>
        policy.fail('PolicyDocument', problem),
      );
    });
    this.#roles.set(arn, statements);
    await this.#onChange();
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${logicalId}` } };
  }
}
