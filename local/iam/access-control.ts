import type { AwsCall } from '../aws/aws-call.ts';
import type { CreatedResource, ResourceHandler, ResourceRequest } from '../template/create-stack.ts';
import type { Json } from '../template/json.ts';
import type { PropertyReader } from '../template/property-reader.ts';
import type { StackIdentity } from '../template/stack-identity.ts';
import { type CallTargets, requestsOfCall } from './requests-of-call.ts';
import { type AccessRequest, isAbout, isAllowed, readStatements, type Statement } from './statement.ts';

/** An action on a resource that a function's role allows. */
export interface Allowance {
  /** The function's logical id. */
  readonly functionId: string;
  readonly action: string;
  /** As the role has it: an ARN, or a pattern. */
  readonly resource: string;
  /** The logical id of the resource, where it is the template's. */
  readonly resourceId?: string | undefined;
}

/** A request that a function was not allowed. */
export interface Denial extends Allowance {
  /** In the words of AWS. */
  readonly message: string;
}

/**
 * Lets functions do what their roles allow, as IAM would: of the policies within a role, and the keys' own. It keeps
 * account of what was used and what was refused.
 */
export class AccessControl {
  readonly #stack: StackIdentity;
  readonly #targets: CallTargets;
  /** By ARN. */
  readonly #roles = new Map<string, readonly Statement[]>();
  /** By key ARN. */
  readonly #keyPolicies = new Map<string, readonly Statement[]>();
  /** Role ARNs by the functions' logical ids. */
  readonly #functions = new Map<string, string>();
  readonly #used = new Set<string>();
  readonly #denied: Denial[] = [];
  /** By ARN. */
  readonly #resourceIds = new Map<string, string>();

  constructor(stack: StackIdentity, targets: Omit<CallTargets, 'region'>) {
    this.#stack = stack;
    this.#targets = { ...targets, region: stack.region };
  }

  readonly handlers: Readonly<Record<string, ResourceHandler>> = {
    'AWS::IAM::Role': (resource) => this.#createRole(resource),
    'AWS::IAM::Policy': (resource) => this.#createPolicy(resource),
  };

  /** Every request that was refused. */
  get denied(): readonly Denial[] {
    return this.#denied;
  }

  /** What the functions' roles allow, each action on each resource; and whether it was used. */
  get allowances(): readonly (Allowance & { readonly used: boolean })[] {
    return [...this.#functions].flatMap(([functionId, role]) =>
      this.#allowed(role).flatMap(({ actions, resources }) =>
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

  /** From now on the function may do what the role allows. One whose role is not in the template may do anything. */
  assign(functionId: string, roleArn: string): void {
    if (this.#roles.has(roleArn)) this.#functions.set(functionId, roleArn);
  }

  /** Lets allowances be told in terms of the template. */
  name(created: ReadonlyMap<string, CreatedResource>): void {
    for (const [logicalId, { attributes }] of created) {
      if (attributes?.['Arn'] !== undefined) this.#resourceIds.set(attributes['Arn'], logicalId);
    }
  }

  /** @param policy KMS's own when a key has none: whatever the account's roles allow */
  protectKey(keyArn: string, policy: Json | undefined, fail: (problem: string) => never): void {
    const { partition, accountId } = this.#stack;
    const ofTheAccount = {
      effect: 'Allow' as const,
      actions: ['kms:*'],
      resources: ['*'],
      conditions: [],
      principals: [`arn:${partition}:iam::${accountId}:root`],
    };
    this.#keyPolicies.set(keyArn, policy === undefined ? [ofTheAccount] : readStatements(policy, fail));
  }

  /**
   * Whether the caller is allowed a call; whoever is no function is.
   *
   * @returns what AWS would say, when it is not
   */
  refuse({ caller, ...call }: AwsCall): string | undefined {
    for (const request of requestsOfCall({ caller, ...call }, this.#targets)) {
      const message = this.#refuse(caller, request);
      if (message !== undefined) return message;
    }
    return undefined;
  }

  /** Lambda opens a function's log streams and writes them with the function's permission. */
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
    const byRole = isAllowed(this.#roles.get(role) ?? [], request);
    if (byRole && this.#keyAllows(request)) {
      this.#use(functionId, role, request);
      return undefined;
    }
    const reason = byRole
      ? `the key's policy does not leave it to the account`
      : `no identity-based policy allows the ${action} action`;
    const message = `User: ${role} is not authorized to perform: ${action} on resource: ${resource} because ${reason}`;
    this.#denied.push({ functionId, action, resource, message });
    return message;
  }

  /** A key's policy has to leave the decision to the account for a role's to count. */
  #keyAllows(request: AccessRequest): boolean {
    const policy = this.#keyPolicies.get(request.resource);
    if (policy === undefined) return true;
    const { partition, accountId } = this.#stack;
    const account = `arn:${partition}:iam::${accountId}:root`;
    return isAllowed(
      policy.filter(({ principals }) => principals.includes(account) || principals.includes('*')),
      request,
    );
  }

  #allowed(role: string): readonly Statement[] {
    return (this.#roles.get(role) ?? []).filter(({ effect }) => effect === 'Allow');
  }

  #use(functionId: string, role: string, request: AccessRequest): void {
    for (const statement of this.#allowed(role)) {
      for (const action of statement.actions) {
        for (const resource of statement.resources) {
          const only = { ...statement, actions: [action], resources: [resource] };
          if (isAbout(only, request)) this.#used.add(JSON.stringify({ functionId, action, resource }));
        }
      }
    }
  }

  /** Managed policies are AWS's own, and allow nothing here: no function of ours has one. */
  #createRole({ logicalId, properties, stack }: ResourceRequest) {
    properties.ignore(
      'AssumeRolePolicyDocument',
      'Description',
      'ManagedPolicyArns',
      'MaxSessionDuration',
      'Tags',
    );
    const name = properties.optionalString('RoleName') ?? `${stack.name}-${logicalId}`;
    const path = properties.optionalString('Path') ?? '/';
    const arn = `arn:${stack.partition}:iam::${stack.accountId}:role${path}${name}`;
    this.#roles.set(arn, properties.objects('Policies').flatMap(readPolicy));
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${logicalId}` } };
  }

  /** A policy beside its roles. */
  #createPolicy({ logicalId, properties }: ResourceRequest) {
    const names = properties.strings('Roles');
    const statements = readPolicy(properties);
    for (const [arn, own] of this.#roles) {
      if (names.some((name) => arn.endsWith(`/${name}`))) this.#roles.set(arn, [...own, ...statements]);
    }
    return { ref: logicalId };
  }
}

function readPolicy(policy: PropertyReader): readonly Statement[] {
  policy.ignore('PolicyName');
  return readStatements(policy.json('PolicyDocument') ?? null, (problem) =>
    policy.fail('PolicyDocument', problem),
  );
}
