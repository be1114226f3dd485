// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of Fn::Sub look like this
import { describe, expect, test } from '@jest/globals';
import { createStack, type ResourceHandlers } from '../../../local/template/create-stack.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { createStackIdentity } from '../../../local/template/stack-identity.ts';

/** Things with a name and an optional thing that they point to, in the order in which they were created. */
function things() {
  const created: string[] = [];
  const handlers: ResourceHandlers = {
    'Test::Thing': ({ logicalId, properties }) => {
      properties.ignore('Colour');
      const name = properties.optionalString('Name') ?? logicalId;
      properties.optionalObject('Options')?.optionalString('Size');
      created.push([name, properties.optionalString('Target')].filter(Boolean).join('→'));
      return { ref: `ref-${name}`, attributes: { Arn: `arn-${name}` } };
    },
    'Custom::*': ({ logicalId, properties }) => {
      properties.all();
      created.push(logicalId);
      return { ref: logicalId };
    },
  };
  return {
    created,
    create: (template: JsonObject) => createStack({ template, handlers, stack: createStackIdentity('test') }),
  };
}

const thing = (properties: JsonObject = {}) => ({ Type: 'Test::Thing', Properties: properties });

describe('creating a stack', () => {
  test('creates each resource after those that it refers to or depends on', async () => {
    const { created, create } = things();
    await create({
      Resources: {
        A: thing({ Target: { 'Fn::GetAtt': ['B', 'Arn'] } }),
        B: { ...thing({ Target: { 'Fn::Sub': '${C}!' } }), DependsOn: ['D'] },
        C: thing(),
        D: thing({ Target: { Ref: 'E' } }),
        E: { Type: 'Custom::Thing', Properties: { anything: 'goes' } },
      },
    });
    expect(created).toEqual(['E', 'D→E', 'C', 'B→ref-C!', 'A→arn-B']);
  });

  test('creates nothing whose condition does not hold', async () => {
    const { created, create } = things();
    await create({
      Conditions: { Never: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'nowhere'] } },
      Resources: { A: { ...thing(), Condition: 'Never' }, B: thing() },
    });
    expect(created).toEqual(['B']);
  });

  test('takes parameters by their defaults', async () => {
    const { created, create } = things();
    await create({
      Parameters: { Name: { Type: 'String', Default: 'given' } },
      Resources: { A: thing({ Name: { Ref: 'Name' } }) },
    });
    expect(created).toEqual(['given']);
  });

  test('does not take the name of an entry of the parameter store for its value', async () => {
    const { create } = things();
    const template = {
      Parameters: {
        Version: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/version' },
      },
      Resources: { A: thing({ Name: { Ref: 'Version' } }) },
    };
    await expect(create(template)).rejects.toThrow('A (Test::Thing), property Name: refers to Version');
  });

  test('passes over resources without local effect, which others may name', async () => {
    const { created, create } = things();
    await create({
      Resources: {
        Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { Whatever: { 'Fn::ImportValue': 'x' } } },
        A: thing({ Target: { 'Fn::GetAtt': ['Alarm', 'Arn'] } }),
      },
    });
    expect(created).toEqual(['A→arn:aws:local:eu-west-2:123456789012:Alarm']);
  });

  test('does not evaluate properties without local effect', async () => {
    const { created, create } = things();
    await create({ Resources: { A: thing({ Colour: { 'Fn::ImportValue': 'x' } }) } });
    expect(created).toEqual(['A']);
  });

  test.each<[string, JsonObject, string]>([
    [
      'an unknown property',
      { Resources: { A: thing({ Shape: 'round' }) } },
      'A (Test::Thing), property Shape: the local',
    ],
    [
      'an unknown property further inside',
      { Resources: { A: thing({ Options: { Size: '1', Weight: '2' } }) } },
      'A (Test::Thing), property Options.Weight: the local',
    ],
    [
      'an unknown attribute of a resource',
      { Resources: { A: { ...thing(), CreationPolicy: {} } } },
      'A, property CreationPolicy',
    ],
    [
      'an unknown section',
      { Transform: 'AWS::Serverless', Resources: {} },
      'Transform: the local environment does not',
    ],
    ['a rule of its own', { Rules: { OnlyHere: {} }, Resources: {} }, 'Rules, property OnlyHere'],
    [
      'resources in a circle',
      { Resources: { A: thing({ Target: { Ref: 'B' } }), B: thing({ Target: { Ref: 'A' } }) } },
      'A: depends on itself',
    ],
  ])('refuses %s', async (_name, template, problem) => {
    await expect(things().create(template)).rejects.toThrow(`template: ${problem}`);
  });

  test('names all resources of unknown type at once, before it creates anything', async () => {
    const { created, create } = things();
    const template = {
      Resources: { A: thing(), B: { Type: 'AWS::S3::Bucket' }, C: { Type: 'AWS::EC2::VPC' } },
    };
    await expect(create(template)).rejects.toThrow(
      'template: B (AWS::S3::Bucket), C (AWS::EC2::VPC): the local',
    );
    expect(created).toEqual([]);
  });
});
