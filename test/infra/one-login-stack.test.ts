import { describe, expect, it } from '@jest/globals';
import {
  buildTestConfig,
  findFunction,
  findResource,
  findRole,
  functionNames,
  listResources,
  readOutput,
  readVariables,
  synthesise,
} from './synthesise.ts';

const local = buildTestConfig('local');
const template = synthesise(local);
const integration = synthesise(buildTestConfig('integration.example'));

describe('the template', () => {
  it('is the same for the same config', () => {
    const serviceUrl = 'https://marked.example/';
    const marked = synthesise({ ...local, serviceUrl }).toJSON();
    const text = JSON.stringify(marked).replaceAll(serviceUrl, String(local.serviceUrl));

    expect(text === JSON.stringify(template.toJSON())).toBe(true);
  });
});

describe('the outputs', () => {
  it.each([
    ['PublicUrl', ''],
    ['RedirectUri', '/callback'],
    ['PostLogoutRedirectUri', '/signed-out'],
    ['LandingPageUrl', '/in-person-return'],
    ['BackChannelLogoutUri', '/backchannel-logout'],
    ['JwksUrl', '/.well-known/jwks.json'],
  ])('contain a URL to register at One Login: %s', (id, path) => {
    expect(readOutput(template, id)).toBe(`http://localhost:8080/auth${path}`);
  });

  it("contain the API's own URL when the config has no public URL, as do the functions' variables", () => {
    const derived = synthesise(buildTestConfig('integration.example', { publicUrl: undefined }));
    const api = { Ref: findResource(derived, 'AWS::ApiGateway::RestApi').id };
    const url = {
      'Fn::Join': ['', ['https://', api, '.execute-api.eu-west-2.', { Ref: 'AWS::URLSuffix' }, '/live/auth']],
    };

    expect(readOutput(derived, 'PublicUrl')).toEqual(url);
    expect(readOutput(derived, 'ApiUrl')).toEqual(url);
    expect(readVariables(derived, 'login')['PUBLIC_URL']).toEqual(url);
  });
});

describe("One Login's documents", () => {
  it.each([
    [
      'refresh-jwks',
      'Jwks',
      {
        Issuer: 'https://oidc.integration.account.gov.uk/',
        DiscoveryUrl: 'https://oidc.integration.account.gov.uk/.well-known/openid-configuration',
      },
    ],
    [
      'refresh-did',
      'Did',
      {
        Did: 'did:web:identity.integration.account.gov.uk',
        DidDocumentUrl: 'https://identity.integration.account.gov.uk/.well-known/did.json',
      },
    ],
  ] as const)(
    'are fetched every five minutes, and in deployments that change the provider: %s',
    (name, id, provider) => {
      const lambda = findFunction(integration, name);
      const arn = { 'Fn::GetAtt': [lambda.id, 'Arn'] };
      const { Ref: table } = readVariables(integration, name)['PROVIDER_DOCUMENTS_TABLE'] as { Ref: string };

      expect(
        findResource(integration, 'AWS::Events::Rule', `ProviderDocuments${id}`).Properties,
      ).toMatchObject({
        ScheduleExpression: 'rate(5 minutes)',
        State: 'ENABLED',
        Targets: [{ Arn: arn }],
      });
      expect(
        findResource(integration, 'Custom::ProviderDocuments', `ProviderDocuments${id}`).Properties,
      ).toEqual({
        ServiceToken: arn,
        ServiceTimeout: '120',
        ...provider,
      });
      // The permissions and the table exist by then.
      expect(lambda.DependsOn).toContain(findRole(integration, name).id);
      expect(findRole(integration, name).Properties.Policies).toHaveLength(1);
      findResource(integration, 'AWS::DynamoDB::Table', table);
    },
  );

  it('are without the DID document when the service proves no identities', () => {
    const plain = synthesise(
      buildTestConfig('local', { identity: undefined, authorizers: [], exampleService: undefined }),
    );

    plain.resourceCountIs('Custom::ProviderDocuments', 1);
    plain.resourceCountIs('AWS::Lambda::Function', functionNames.length - 1);
    expect(listResources(plain, 'AWS::Events::Rule', 'ProviderDocuments')).toHaveLength(1);
  });
});
