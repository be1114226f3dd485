import { describe, expect, test } from '@jest/globals';
import { buildStackName } from '../../lib/config/stack-name.ts';
import { configOf, type FunctionName, functionNames, synthesise, type Template } from './synthesise.ts';

const local = configOf('local');
const template = synthesise(local);

test('the same config gives the same template', () => {
  const serviceUrl = 'https://marked.example/';
  const marked = synthesise({ ...local, serviceUrl });
  const text = JSON.stringify(marked.json).replaceAll(serviceUrl, String(local.serviceUrl));

  expect(text === JSON.stringify(template.json)).toBe(true);
});

describe('a second deployment in the same account', () => {
  const first = configOf('integration.example', { name: 'first' });
  const second = configOf('integration.example', { name: 'second' });

  test('is a stack of its own', () => {
    expect(buildStackName(first)).toBe('one-login-first');
    expect(buildStackName(second)).toBe('one-login-second');
  });

  test('shares no name with the first one', () => {
    const names = [first, second].map((config) => new Set(chosenNamesOf(synthesise(config))));

    for (const [index, name] of ['first', 'second'].entries()) {
      // Alarms and saved queries: no deployment's name has a dot or a slash.
      const ownPlace = new RegExp(`^one-login-${name}[./]`);
      expect(new Set([...(names[index] ?? [])].filter((chosen) => !ownPlace.test(chosen)))).toEqual(
        new Set([
          `alias/one-login/${name}/2026-01`,
          `alias/one-login/${name}`,
          `alias/one-login/${name}/2026-01/sign`,
          `alias/one-login/${name}/2026-01/jwks`,
          `one-login-${name}`,
          `/one-login/${name}/authorizer/Cl.Cm`,
          `/one-login/${name}/authorizer/Cl.Cm.P2`,
        ]),
      );
    }
  });

  test('exports nothing that another stack could export as well', () => {
    for (const output of Object.values(synthesise(first).json.Outputs))
      expect(output).not.toHaveProperty('Export');
  });
});

describe('outputs', () => {
  test('are what One Login wants to know', () => {
    const values = Object.entries(template.json.Outputs).map(([name, { Value }]) => [name, Value]);

    expect(Object.fromEntries(values)).toMatchObject({
      PublicUrl: 'http://localhost:8080/auth',
      RedirectUri: 'http://localhost:8080/auth/callback',
      PostLogoutRedirectUri: 'http://localhost:8080/auth/signed-out',
      LandingPageUrl: 'http://localhost:8080/auth/in-person-return',
      BackChannelLogoutUri: 'http://localhost:8080/auth/backchannel-logout',
      JwksUrl: 'http://localhost:8080/auth/.well-known/jwks.json',
    });
  });

  test("name the API's own address while there is no public URL, as the functions do", () => {
    const derived = synthesise(configOf('integration.example', { publicUrl: undefined }));
    const [api] = derived.one('AWS::ApiGateway::RestApi');
    const url = {
      'Fn::Join': [
        '',
        ['https://', { Ref: api }, '.execute-api.eu-west-2.', { Ref: 'AWS::URLSuffix' }, '/live/auth'],
      ],
    };

    expect(derived.json.Outputs['PublicUrl']?.Value).toEqual(url);
    expect(derived.json.Outputs['ApiUrl']?.Value).toEqual(url);
    expect(derived.function('login').function.Properties.Environment.Variables.PUBLIC_URL).toEqual(url);
  });
});

describe("One Login's documents", () => {
  test.each([
    ['discovery and JWKS', 'Jwks', 'refresh-jwks'],
    ['the DID document', 'Did', 'refresh-did'],
  ] as const)('are looked after every five minutes: %s', (_, prefix, name) => {
    const [, rule] = template.one('AWS::Events::Rule', `ProviderDocuments${prefix}`);

    expect(rule.Properties).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [idOf(name), 'Arn'] } }],
    });
  });

  test.each([
    [
      'discovery and JWKS',
      'Jwks',
      'refresh-jwks',
      {
        Issuer: 'https://oidc.integration.account.gov.uk/',
        DiscoveryUrl: 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration',
      },
    ],
    [
      'the DID document',
      'Did',
      'refresh-did',
      {
        Did: 'did:web:identity.integration.account.gov.uk',
        DidDocumentUrl: 'https://identity.integration.account.gov.uk/.well-known/did.json',
      },
    ],
  ] as const)(
    'are fetched at the first deployment, and when the provider changes: %s',
    (_, prefix, name, addresses) => {
      const integration = synthesise(configOf('integration.example'));
      const [, resource] = integration.one('Custom::ProviderDocuments', `ProviderDocuments${prefix}`);

      expect(resource.Properties).toEqual({
        ServiceToken: { 'Fn::GetAtt': [idOf(name), 'Arn'] },
        ServiceTimeout: '120',
        ...addresses,
      });
    },
  );

  test.each(['refresh-jwks', 'refresh-did'] as const)(
    'are fetched by a function that has its permissions and its table by then: %s',
    (name) => {
      const { function: lambda, role } = template.function(name);
      const { Ref: tableId } = lambda.Properties.Environment.Variables.PROVIDER_DOCUMENTS_TABLE;

      expect(lambda.DependsOn).toContain(lambda.Properties.Role['Fn::GetAtt'][0]);
      expect(role.Properties.Policies).toHaveLength(1);
      expect(template.json.Resources[tableId]?.Type).toBe('AWS::DynamoDB::Table');
    },
  );

  test('are without the DID document where no identities are proved', () => {
    const plain = synthesise(
      configOf('local', { identity: undefined, authorizers: [], exampleService: undefined }),
    );

    expect(plain.ofType('Custom::ProviderDocuments')).toHaveLength(1);
    expect(
      plain.ofType('AWS::Events::Rule').filter(([id]) => id.startsWith('ProviderDocuments')),
    ).toHaveLength(1);
    expect(plain.ofType('AWS::Lambda::Function')).toHaveLength(functionNames.length - 1);
  });
});

/** The logical id of a function, which both configs share. */
function idOf(name: FunctionName): string {
  return template.one('AWS::Lambda::Function', `Functions${name.replaceAll('-', '')}`)[0];
}

/** The names that CloudFormation does not make up by itself: those could be taken. */
function chosenNamesOf(template: Template): readonly string[] {
  return template.resources.flatMap(([, { Properties = {} }]) =>
    Object.entries(Properties)
      .filter(
        ([property]) =>
          /Name$/.test(property) && !['StageName', 'FunctionName', 'MetricName'].includes(property),
      )
      .map(([, value]) => JSON.stringify(value).replaceAll('"', ''))
      // What refers to another resource names nothing.
      .filter((value) => !value.startsWith('{Ref:')),
  );
}
