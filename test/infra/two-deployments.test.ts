import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { buildFullConfig, everythingOn, fronts } from './everything-on.ts';
import { listResources, synthesise } from './synthesise.ts';

/** Properties that name something inside another resource, or refer to a resource by name. */
const localNames: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Stage StageName',
  'AWS::CloudWatch::Alarm MetricName',
  'AWS::Lambda::Permission FunctionName',
  'AWS::Lambda::EventInvokeConfig FunctionName',
  'AWS::Logs::MetricFilter FilterName',
  'AWS::Logs::SubscriptionFilter FilterName',
  'AWS::Logs::LogStream LogGroupName',
]);

/** Lists the names and exports that CloudFormation does not make unique, without references to other resources. */
function listChosenNames(template: Template): readonly string[] {
  const names = listResources(template).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(([property]) => /Name$/.test(property) && !localNames.has(`${Type} ${property}`))
      .map(([property, value]) => `${Type} ${property} ${JSON.stringify(value)}`)
      .filter((name) => !/ \{"(Ref|Fn::GetAtt)"/.test(name)),
  );
  const exports = Object.values<{ Export?: unknown }>(template.findOutputs('*')).flatMap((output) =>
    output.Export === undefined ? [] : [`export ${JSON.stringify(output.Export)}`],
  );
  return [...names, ...exports];
}

describe.each(fronts)('two deployments in one account and region, %s,', (front) => {
  // id: deployments-share-nothing
  it.each([
    ['different names', ['first', 'second'], ['2026-01', '2026-01']],
    ['similar names', ['a', 'a-b'], ['b-c', 'c']],
  ])('share no stack, no name and no setting of the account, with %s', (_, names, keys) => {
    const configs = names.map((name, index) =>
      buildFullConfig(front, {
        name,
        ...(front === 'withDomain'
          ? { domain: { ...everythingOn.withDomain.domain, name: `${name}.service.gov.uk` } }
          : { publicUrl: `https://${name}.service.gov.uk/auth` }),
        signingKeys: [{ name: keys[index], state: 'sign' }],
        // The role for API Gateway's logs is a setting of the account. Only one deployment creates it.
        apiGatewayLogRole: index === 0 ? 'create' : 'existing',
        defaultPage: '/',
        identity: undefined,
        journeys: [],
        authorizers: [{ level: 'Cl' }],
      }),
    );
    const templates = configs.map(synthesise);
    const [first = [], second = []] = templates.map(listChosenNames);

    expect(configs.map(buildStackName)).toEqual(names.map((name) => `one-login-${name}`));
    expect(Math.min(first.length, second.length)).toBeGreaterThan(4);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
    expect(templates.map((each) => listResources(each, 'AWS::ApiGateway::Account').length)).toEqual([1, 0]);
  });
});
