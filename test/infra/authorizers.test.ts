import { describe, expect, it } from '@jest/globals';
import { environmentVariables } from '../../lambdas/environment.ts';
import { buildTestConfig, findResource, listResources, readOutput, synthesise } from './synthesise.ts';

const config = buildTestConfig('integration.example', {
  authorizers: [
    { level: 'Cl.Cm' },
    { level: 'Cl.Cm.P2', claims: ['names', 'address'], trustedOrigins: ['https://forms.example'] },
  ],
});
const template = synthesise(config);
const ids = { 'Cl.Cm': 'AuthorizersClCmFunction', 'Cl.Cm.P2': 'AuthorizersClCmP2Function' } as const;

describe('an authorizer', () => {
  it('exists for each level in the config', () => {
    const without = synthesise(buildTestConfig('integration.example', { authorizers: [] }));

    expect(listResources(template, 'AWS::Lambda::Function', 'Authorizers')).toHaveLength(2);
    expect(listResources(without, 'AWS::Lambda::Function', 'Authorizers')).toEqual([]);
  });

  it.each([
    ['Cl.Cm', 'login', '[]', '[]'],
    ['Cl.Cm.P2', 'prove-identity', '["names","address"]', '["https://forms.example"]'],
  ] as const)(
    'of the level %s has its settings and an end before that of API Gateway',
    (level, stepUp, claims, origins) => {
      const { Properties } = findResource(template, 'AWS::Lambda::Function', ids[level]);

      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.Timeout).toBeLessThan(10);
      expect(Properties.Environment.Variables).toEqual({
        [environmentVariables.deployment]: config.name,
        [environmentVariables.publicUrl]: config.publicUrl,
        [environmentVariables.cookieName]: '',
        [environmentVariables.sessionsTable]: { Ref: expect.stringMatching(/^TablesSessions/) },
        [environmentVariables.sessionIdleSeconds]: '3600',
        [environmentVariables.authorizerLevel]: level,
        [environmentVariables.authorizerStepUp]: stepUp,
        [environmentVariables.authorizerClaims]: claims,
        [environmentVariables.authorizerTrustedOrigins]: origins,
      });
    },
  );

  it.each(['Cl.Cm', 'Cl.Cm.P2'] as const)(
    'of the level %s accepts calls from API Gateway in this account and region, and has a parameter and an output',
    (level) => {
      const { id } = findResource(template, 'AWS::Lambda::Function', ids[level]);
      const arn = { 'Fn::GetAtt': [id, 'Arn'] };

      template.hasResourceProperties('AWS::Lambda::Permission', {
        FunctionName: arn,
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: 'arn:aws:execute-api:eu-west-2:111122223333:*/authorizers/*',
      });
      template.hasResourceProperties('AWS::SSM::Parameter', {
        Name: `/one-login/${config.name}/authorizer/${level}`,
        Type: 'String',
        Value: arn,
      });
      expect(readOutput(template, `Authorizer${level.replaceAll('.', '')}`)).toEqual(arn);
    },
  );
});
