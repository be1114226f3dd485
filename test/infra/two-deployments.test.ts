/** Two deployments in one account and region: nothing has a name that the other one takes as well. */
import { describe, expect, test } from '@jest/globals';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { configWithEverything, everythingOn } from './everything-on.ts';
import { synthesise, type Template } from './synthesise.ts';

const fronts = Object.keys(everythingOn) as (keyof typeof everythingOn)[];

/** Properties that name something within another resource, or refer to a resource by its name. */
const namesNothingOfItsOwn: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Stage StageName',
  'AWS::CloudWatch::Alarm MetricName',
  'AWS::Lambda::Permission FunctionName',
  'AWS::Lambda::EventInvokeConfig FunctionName',
  'AWS::Logs::MetricFilter FilterName',
  'AWS::Logs::SubscriptionFilter FilterName',
  'AWS::Logs::LogStream LogGroupName',
]);

/**
 * The names in a template that are not made by CloudFormation, with what they name. Those could be taken. A reference
 * to another resource is none.
 */
function chosenNamesOf(template: Template): readonly string[] {
  const resources = template.resources.flatMap(([, { Type, Properties = {} }]) =>
    Object.entries(Properties)
      .filter(([property]) => /Name$/.test(property) && !namesNothingOfItsOwn.has(`${Type} ${property}`))
      .filter(([, value]) => !/^\{"(Ref|Fn::GetAtt)"/.test(JSON.stringify(value)))
      .map(([property, value]) => `${Type} ${property} ${JSON.stringify(value)}`),
  );
  const exports = Object.values(template.json.Outputs).flatMap((output) =>
    'Export' in output ? [`export ${JSON.stringify(output.Export)}`] : [],
  );
  return [...resources, ...exports];
}

function deploymentsOf(front: keyof typeof everythingOn, names: readonly string[], keys: readonly string[]) {
  return names.map((name, index) => {
    const own =
      front === 'withDomain'
        ? { domain: { ...everythingOn.withDomain.domain, name: `${name}.service.gov.uk` } }
        : { publicUrl: `https://${name}.service.gov.uk/auth` };
    return configWithEverything(front, {
      name,
      ...own,
      signingKeys: [{ name: keys[index], state: 'sign' }],
      // The second one leaves the role with which API Gateway writes logs to the first one.
      apiGatewayLogRole: index === 0 ? 'create' : 'existing',
      defaultPage: '/',
      identity: undefined,
      authorizers: [{ level: 'Cl' }],
    });
  });
}

describe.each(fronts)('with everything switched on, %s', (front) => {
  test.each([
    ['two services', ['first', 'second'], ['2026-01', '2026-01']],
    ['names that could run into each other', ['a', 'a-b'], ['b-c', 'c']],
  ])('no name is in both: %s', (_, names, keys) => {
    const [first = [], second = []] = deploymentsOf(front, names, keys).map((config) =>
      chosenNamesOf(synthesise(config)),
    );

    expect(first.length).toBeGreaterThan(4);
    expect(second.length).toBeGreaterThan(4);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  });

  test('the stacks are two', () => {
    expect(deploymentsOf(front, ['a', 'a-b'], ['b', 'b']).map(buildStackName)).toEqual([
      'one-login-a',
      'one-login-a-b',
    ]);
  });

  test('a setting of the whole account is made by one of them only', () => {
    const [first, second] = deploymentsOf(front, ['first', 'second'], ['a', 'a']).map(synthesise);

    expect(first?.ofType('AWS::ApiGateway::Account')).toHaveLength(1);
    expect(second?.ofType('AWS::ApiGateway::Account')).toEqual([]);
  });
});
