import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { configWithEverything } from './everything-on.ts';
import { listOf, type Resource, synthesise } from './synthesise.ts';

const page = readFileSync(new URL('../../docs/operations/permissions.md', import.meta.url), 'utf8');
// Back-channel logout with its default: a function of its own reserves for it.
const config = configWithEverything('withDomain', { reservedConcurrency: {} });
const template = synthesise(config);

/** The rows of the tables in a part of the page, each with its first cells, of which none is empty. */
function rowsBetween(start: string, end: string, columns: number): readonly (readonly string[])[] {
  const part = page.slice(page.indexOf(start), page.indexOf(end));
  const rows = [...part.matchAll(/^### `([a-z-]+)`$|^\| (`.*) \|$/gm)];
  let heading = '';
  return rows.flatMap(([, section, row]) => {
    if (section !== undefined) heading = section;
    if (row === undefined) return [];
    const cells = row.split(' | ');
    for (const cell of cells) expect(cell.trim()).not.toBe('');
    return [[heading, ...cells.slice(0, columns).map((cell) => cell.replaceAll('`', ''))]];
  });
}

/** A value of the template with references written as text, and what differs between deployments named. */
function resolved(value: unknown): string {
  if (typeof value === 'string') {
    return value
      .replaceAll('444455556666', '<account>')
      .replaceAll('eu-west-2', '<region>')
      .replaceAll(config.name, '<name>');
  }
  const { Ref: reference, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value);
  if (reference === 'AWS::StackName') return '<stack>';
  if (Array.isArray(join)) return join[1].map(resolved).join(join[0]);
  return Array.isArray(attribute) ? attribute.join('.') : String(reference);
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^TablesLoginAttempts\w+\.Arn$/, 'table login-attempts'],
  [/^TablesSessions\w+\.Arn$/, 'table sessions'],
  [/^TablesProviderDocuments\w+\.Arn$/, 'table provider-documents'],
  [/^SigningKeys\w+\.Arn$/, 'signing keys in the JWKS'],
  [/^DataKey\w+\.Arn$/, 'data key'],
  [/Logs\w+\.Arn$/, 'its own log'],
  [/^Functionsbackchannellogout\w+\.Arn$/, 'backchannel-logout'],
];

function kindOf(resource: unknown): string {
  const text = resolved(resource);
  return kinds.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}

/** The function whose role that is, as the page calls it. */
function functionOf(roleId: string): string | undefined {
  if (roleId.startsWith('Authorizers')) return 'authorizer';
  const found = template
    .ofType('AWS::Lambda::Function')
    .find(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0] === roleId);
  return readFunctionName(found?.[1]);
}

const roles = template.ofType('AWS::IAM::Role');

test('the page says of each function what its role allows, and why', () => {
  const allowed = roles.flatMap(([id, { Properties }]) => {
    const name = functionOf(id);
    if (name === undefined) return [];
    const [{ PolicyDocument }] = Properties.Policies;
    return PolicyDocument.Statement.flatMap(({ Action, Resource }: { Action: string; Resource: unknown }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).map((resource) => `${name} ${action} ${kindOf(resource)}`),
      ),
    );
  });
  const listed = rowsBetween('## The functions', '## Other roles', 2).map((row) => row.join(' '));

  expect([...listed].sort()).toEqual([...new Set(allowed)].sort());
});

describe('the page lists', () => {
  test('every role that is no function’s, and why it is there', () => {
    const others = roles.filter(([id]) => functionOf(id) === undefined).map(([id]) => id.slice(0, -8));
    const listed = rowsBetween('Roles that are no function', 'Every wildcard', 1).map(([, role]) => role);

    expect(listed).toEqual(others);
  });

  test('every wildcard in what the stack allows, and why it is there', () => {
    const found = template.resources.flatMap(([id, resource]) =>
      wildcardsIn(resource).map((wildcard) => {
        const [where] = /^(SigningKeys|DataKey|AlarmsTopicKey|Authorizers)/.exec(id) ?? [id];
        return `${where} ${wildcard}`;
      }),
    );
    const listed = rowsBetween('Every wildcard', '## The signing keys', 2).map(([, ...row]) => row.join(' '));

    expect([...listed].sort()).toEqual([...new Set(found)].sort());
  });
});

/** In the statements of a resource that allow something, and in a permission to call a function. */
function wildcardsIn({ Type, Properties }: Resource): readonly string[] {
  if (Type === 'AWS::Lambda::Permission') return withWildcard([Properties.SourceArn, Properties.Principal]);
  const documents = [
    Properties?.PolicyDocument,
    Properties?.KeyPolicy,
    Properties?.AssumeRolePolicyDocument,
    ...(Properties?.Policies ?? []).map((policy: { PolicyDocument: unknown }) => policy.PolicyDocument),
  ];
  return documents.flatMap((document) =>
    (document?.Statement ?? []).flatMap(
      ({ Effect, Action, Resource, Principal, Condition = {} }: Record<string, unknown>) =>
        Effect === 'Allow'
          ? withWildcard([
              ...listOf(Action),
              ...listOf(Resource ?? []),
              ...Object.values(Object(Principal ?? {})).flatMap((each) => listOf(each)),
              ...Object.values(Object(Condition)).flatMap((keys) =>
                Object.values(Object(keys)).flatMap((v) => listOf(v)),
              ),
            ])
          : [],
    ),
  );
}

function withWildcard(values: readonly unknown[]): readonly string[] {
  return values.map(resolved).filter((text) => text.includes('*'));
}
