import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { buildFullConfig } from './everything-on.ts';
import {
  findFunction,
  findRole,
  functionNames,
  listResources,
  listStatements,
  type Resource,
  synthesise,
  toList,
} from './synthesise.ts';

const page = readFileSync(new URL('../../docs/operations/permissions.md', import.meta.url), 'utf8');
// By default a function reserves concurrency for back-channel logout.
const config = buildFullConfig('withDomain', { reservedConcurrency: {} });
const template = synthesise(config);
const roles = listResources(template, 'AWS::IAM::Role');
const publishedKeys = config.signingKeys
  .filter(({ state }) => state !== 'retire')
  .map(({ name }) => listResources(template, 'AWS::KMS::Key', `SigningKeys${name.replace('-', '')}`)[0]?.id);

/** Lists the permissions on the page, as `function action resource`. Functions alike share an item, which ends with a reason. */
function listDocumentedPermissions(): readonly string[] {
  const part = page.slice(page.indexOf('## The functions'), page.indexOf('## Other roles'));
  const items = [...part.matchAll(/^- (`.*)$/gm)].map(([, item = '']) => {
    const [, names, may] = /^(.*?): (.*) \(.+\)$/.exec(item.replaceAll('`', '')) ?? [];
    expect([item, may]).toEqual([item, expect.any(String)]);
    return [names, may];
  });
  return items.flatMap(([names = '', may = '']) =>
    names.split(', ').flatMap((name) =>
      may.split('; ').flatMap((permission) => {
        const [, actions = '', resource = ''] = /^(.*?) (?:on|with|of) (.*)$/.exec(permission) ?? [];
        return actions
          .split(', ')
          .filter((action) => action !== '')
          .map((action) => `${name} ${action.includes(':') ? action : `dynamodb:${action}`} ${resource}`);
      }),
    ),
  );
}

/** Writes a value of the template as text, with placeholders for what differs between deployments. */
function writeText(value: unknown): string {
  if (typeof value === 'string') {
    return value
      .replaceAll('444455556666', '<account>')
      .replaceAll('eu-west-2', '<region>')
      .replaceAll(config.name, '<name>');
  }
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value);
  if (reference === 'AWS::StackName') return '<stack>';
  if (Array.isArray(join)) return join[1].map(writeText).join(join[0]);
  return Array.isArray(attribute) ? attribute.join('.') : String(reference);
}

/** The ARN itself counts, not its indexes or anything below it. */
const resourceNames: readonly (readonly [RegExp, string])[] = [
  [/^TablesLoginAttempts\w+\.Arn$/, 'login-attempts'],
  [/^TablesSessions\w+\.Arn$/, 'sessions'],
  [/^TablesProviderDocuments\w+\.Arn$/, 'provider-documents'],
  [new RegExp(`^(${publishedKeys.join('|')})\\.Arn$`), 'published signing keys'],
  [/^DataKey\w+\.Arn$/, 'data key'],
  [/Logs\w+\.Arn$/, 'its own log'],
  [/^Functionsbackchannellogout\w+\.Arn$/, 'backchannel-logout'],
];

/** @returns the name of a resource on the page */
function nameResource(resource: unknown): string {
  const text = writeText(resource);
  return resourceNames.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}

/** @returns the name, on the page, of the function with a role */
function nameFunction(roleId: string): string | undefined {
  if (roleId.startsWith('Authorizers')) return 'authorizer';
  const functions = listResources(template, 'AWS::Lambda::Function');
  const found = functions.find(({ Properties }) => Properties.Role['Fn::GetAtt'][0] === roleId);
  return readFunctionName(found);
}

describe('docs/operations/permissions.md', () => {
  // id: permissions-exact
  it('lists exactly the permissions of each function, with reasons', () => {
    const allowed = roles.flatMap((role) => {
      const name = nameFunction(role.id);
      if (name === undefined) return [];
      return listStatements(role).flatMap(({ Effect, Action, Resource }) =>
        toList(Action).flatMap((action) =>
          toList(Resource).map((resource) =>
            Effect === 'Allow' ? `${name} ${action} ${nameResource(resource)}` : `${Effect}`,
          ),
        ),
      );
    });
    const shared = / (logs:(CreateLogStream|PutLogEvents) its own log|kms:Decrypt data key)$/;
    const own = [...new Set(allowed)].filter((permission) => !shared.test(permission));

    expect([...listDocumentedPermissions()].sort()).toEqual(own.sort());
    // What the page has in its text.
    const find = (pattern: RegExp) =>
      new Set(allowed.filter((permission) => pattern.test(permission)).map((each) => each.split(' ')[0]));
    expect(find(/ kms:Decrypt /)).toEqual(find(/ dynamodb:/));
    expect(find(/ logs:PutLogEvents /)).toEqual(
      new Set(roles.map(({ id }) => nameFunction(id)).filter(Boolean)),
    );
  });

  it('lists every other role, with reasons', () => {
    const others = roles.filter(({ id }) => nameFunction(id) === undefined).map(({ id }) => id.slice(0, -8));
    const [, part = ''] = page.split('## Other roles');
    const listed = [...part.matchAll(/^- `(\w+Role)`: \S/gm)].map(([, role]) => role);

    expect(listed).toEqual(others);
  });

  it('lists every wildcard that the stack allows, with reasons', () => {
    const found = listResources(template).flatMap((resource) =>
      listWildcards(resource).map((wildcard) => {
        const [where] = /^(SigningKeys|DataKey|AlarmsTopicKey|Authorizers)/.exec(resource.id) ?? [
          resource.id,
        ];
        return `${where} ${wildcard}`;
      }),
    );
    const part = page.slice(page.indexOf('Wildcards:'), page.indexOf('## The signing keys'));
    const items = [...part.matchAll(/^- `(.+?)` in (.+?): \S/gm)];
    const listed = items.flatMap(([, wildcard, where = '']) =>
      where.split(', ').map((each) => `${each.replaceAll('`', '')} ${wildcard}`),
    );

    expect([...listed].sort()).toEqual([...new Set(found)].sort());
  });
});

/** Lists the wildcards in statements that allow something, and in permissions to call a function. */
function listWildcards(resource: Resource): readonly string[] {
  const { Type, Properties } = resource;
  if (Type === 'AWS::Lambda::Permission') return keepWildcards([Properties.SourceArn, Properties.Principal]);
  const statements = [
    ...listStatements(resource),
    ...(Properties?.AssumeRolePolicyDocument?.Statement ?? []),
  ].filter(({ Effect }) => Effect === 'Allow');
  return statements.flatMap(({ Action, Resource = [], Principal = {}, Condition = {} }) =>
    keepWildcards([
      ...toList(Action),
      ...toList(Resource),
      ...Object.values(Object(Principal)).flatMap((each) => toList(each)),
      ...Object.values(Object(Condition)).flatMap((keys) =>
        Object.values(Object(keys)).flatMap((each) => toList(each)),
      ),
    ]),
  );
}

function keepWildcards(values: readonly unknown[]): readonly string[] {
  return values.map(writeText).filter((text) => text.includes('*'));
}

describe.each(functionNames)('the function %s', (name) => {
  // id: own-log-group-only
  it('may write to its own log group and no other', () => {
    const { LoggingConfig } = findFunction(template, name).Properties;
    const [logging, ...others] = listStatements(findRole(template, name));

    expect(logging).toEqual({
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: { 'Fn::GetAtt': [LoggingConfig.LogGroup.Ref, 'Arn'] },
    });
    expect(JSON.stringify(others)).not.toContain('logs:');
  });
});

describe('the permission', () => {
  const listGrants = (action: string) =>
    roles.flatMap(listStatements).filter(({ Action }) => toList(Action).includes(action));

  // id: signs-ps256-digests-only
  it('to sign is for PS256 over a digest, with all published keys', () => {
    expect(listGrants('kms:Sign')).toHaveLength(2);
    for (const { Resource, Condition } of listGrants('kms:Sign')) {
      expect(Resource).toEqual([...publishedKeys].sort().map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })));
      expect(Condition).toEqual({
        StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PSS_SHA_256', 'kms:MessageType': 'DIGEST' },
      });
    }
  });

  // id: data-key-through-dynamodb-only
  it('to decrypt with the data key is for DynamoDB only', () => {
    // For every function that uses a table, and for the authorizers.
    expect(listGrants('kms:Decrypt')).toHaveLength(7 + config.authorizers.length);
    for (const { Condition } of listGrants('kms:Decrypt')) {
      expect(Condition).toEqual({ StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } });
    }
  });

  it('to call a function is for its own route, schedule or logs', () => {
    const permissions = listResources(template, 'AWS::Lambda::Permission').filter(
      ({ id }) => !id.startsWith('Authorizers'),
    );

    expect(permissions.length).toBeGreaterThan(0);
    for (const { Properties } of permissions) {
      expect(Properties.Principal).toMatch(/^(apigateway|events|logs)\.amazonaws\.com$/);
      expect(JSON.stringify(Properties.SourceArn)).toMatch(/^[^*]+$/);
    }
  });

  it('is part of a role, and the only managed policy is for the logs of API Gateway', () => {
    const managed = roles.filter(({ Properties }) => Properties.ManagedPolicyArns !== undefined);

    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    expect(managed.map(({ id }) => id)).toEqual([expect.stringMatching(/^RestApiCloudWatchRole/)]);
  });
});
