import type { JsonObject } from '../../local/template/json.ts';
import type { Observation } from './observation.ts';

/** What each kind of thing is called in AWS. */
const names: Readonly<Record<Exclude<keyof Observation, 'keys'>, string>> = {
  stacks: 'StackName',
  tables: 'TableName',
  aliases: 'AliasName',
  functions: 'FunctionName',
  roles: 'RoleName',
  apis: 'id',
  logGroups: 'logGroupName',
  rules: 'Name',
  parameters: 'Name',
  webAcls: 'Name',
  domainNames: 'domainName',
  certificates: 'CertificateArn',
  secrets: 'ARN',
  alarms: 'AlarmName',
  dashboards: 'DashboardName',
  queues: 'QueueUrl',
  topics: 'TopicArn',
};

export interface Removal {
  /** What existed before the stack was deployed. */
  readonly before: Observation;
  readonly after: Observation;
  /** What the template says must outlive the stack, as AWS calls it. */
  readonly kept: readonly string[];
}

/** What a removed stack has left behind, and what has gone with it and must not. */
export function checkRemoval({ before, after, kept }: Removal): readonly string[] {
  const kinds = Object.entries(names) as [keyof typeof names, string][];
  const present = new Set<string>();
  const left = kinds.flatMap(([kind, property]) => {
    const known = new Set(before[kind].map((thing) => thing[property]));
    return after[kind].flatMap((thing) => {
      const name = String(thing[property]);
      present.add(name);
      return known.has(name) || kept.includes(name) ? [] : [`${kind}: ${name} is left behind`];
    });
  });
  const keys = after.keys
    .filter(({ KeyId }) => !before.keys.some((key) => key['KeyId'] === KeyId))
    .flatMap((key) => checkKey(key, kept, present));
  const gone = kept.filter((name) => !present.has(name)).map((name) => `${name} should be kept, and is gone`);
  return [...left, ...keys, ...gone];
}

/** KMS deletes no key at once. */
function checkKey(
  { KeyId, KeyState }: JsonObject,
  kept: readonly string[],
  present: Set<string>,
): readonly string[] {
  const id = String(KeyId);
  const expected = kept.includes(id) ? 'Enabled' : 'PendingDeletion';
  present.add(id);
  return KeyState === expected ? [] : [`the key ${id} is ${String(KeyState)}, expected ${expected}`];
}
