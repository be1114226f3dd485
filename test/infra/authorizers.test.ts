import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib/core';
import { environmentVariables } from '../../lambdas/environment.ts';
import { buildProps } from '../../lib/one-login-props.ts';
import { OneLoginStack } from '../../lib/one-login-stack.ts';
import { configOf, placeholderBundles, type Resource, synthesise, type Template } from './synthesise.ts';

const config = configOf('integration.example', {
  authorizers: [
    { level: 'Cl.Cm' },
    { level: 'Cl.Cm.P2', claims: ['names', 'address'], trustedOrigins: ['https://forms.example'] },
  ],
});
const template = synthesise(config);

function authorizer(level: 'ClCm' | 'ClCmP2', type: string): readonly [string, Resource] {
  const found = template.ofType(type).filter(([id]) => new RegExp(`^Authorizers${level}[A-Z](?!2)`).test(id));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} ${type} of ${level}`);
  return only;
}

describe('each level in the config', () => {
  test('is a function, and without levels there is none', () => {
    const functionsOf = (from: Template) =>
      from.ofType('AWS::Lambda::Function').filter(([id]) => id.startsWith('Authorizers'));

    expect(functionsOf(template)).toHaveLength(2);
    expect(functionsOf(synthesise(configOf('integration.example', { authorizers: [] })))).toHaveLength(0);
  });

  test.each([
    ['ClCm', { level: 'Cl.Cm', claims: '[]', origins: '[]' }],
    ['ClCmP2', { level: 'Cl.Cm.P2', claims: '["names","address"]', origins: '["https://forms.example"]' }],
  ] as const)('is told what it asks for: %s', (level, { level: asked, claims, origins }) => {
    const [, { Properties }] = authorizer(level, 'AWS::Lambda::Function');

    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    expect(Properties.Timeout).toBeLessThan(10);
    expect(Properties.Environment.Variables).toEqual({
      [environmentVariables.deployment]: config.name,
      [environmentVariables.publicUrl]: config.publicUrl,
      [environmentVariables.sessionsTable]: { Ref: expect.stringMatching(/^TablesSessions/) },
      [environmentVariables.sessionIdleSeconds]: '3600',
      [environmentVariables.authorizerLevel]: asked,
      [environmentVariables.authorizerClaims]: claims,
      [environmentVariables.authorizerTrustedOrigins]: origins,
    });
  });

  test('may read and extend sessions, with the key of their table, and nothing else', () => {
    const [, { Properties }] = authorizer('ClCm', 'AWS::IAM::Role');
    const [, ...statements] = Properties.Policies[0].PolicyDocument.Statement;

    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^DataKey/), 'Arn'] },
        Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' } },
      },
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^TablesSessions/), 'Arn'] },
      },
    ]);
  });

  test('may be called by authorizers of API Gateway in this account and region only', () => {
    const [, { Properties }] = authorizer('ClCm', 'AWS::Lambda::Permission');

    expect(Properties).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:aws:execute-api:eu-west-2:111122223333:*/authorizers/*',
    });
  });

  test('is found by an SSM parameter, an output and a property', () => {
    for (const [level, name] of [
      ['ClCm', 'Cl.Cm'],
      ['ClCmP2', 'Cl.Cm.P2'],
    ] as const) {
      const [id] = authorizer(level, 'AWS::Lambda::Function');
      const [, parameter] = authorizer(level, 'AWS::SSM::Parameter');
      const arn = { 'Fn::GetAtt': [id, 'Arn'] };

      expect(parameter.Properties).toMatchObject({
        Name: `/one-login/${config.name}/authorizer/${name}`,
        Type: 'String',
        Value: arn,
      });
      expect(template.json.Outputs[`Authorizer${level}`]?.Value).toEqual(arn);
    }
    const stack = new OneLoginStack(new App(), 'OneLogin', {
      ...buildProps(config),
      bundles: placeholderBundles,
    });
    expect([...stack.oneLogin.authorizers.keys()]).toEqual(['Cl.Cm', 'Cl.Cm.P2']);
  });
});
