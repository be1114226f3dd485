import { describe, expect, test } from '@jest/globals';
import { validateConfig } from '../../lib/config/validate-config.ts';
import { moveToThisMachine } from '../../local/local-config.ts';
import { standInProvider } from '../../local/provider.ts';
import { buildFullConfig } from '../infra/everything-on.ts';
import { buildTestConfig } from '../infra/synthesise.ts';

const origin = 'http://localhost:8080';
const provider = standInProvider(3000);

const configs = {
  'config/local.json': buildTestConfig('local'),
  'config/integration.example.json': buildTestConfig('integration.example'),
  'config/production.example.json': buildTestConfig('production.example'),
  'everything with a domain': buildFullConfig('withDomain'),
  'everything with CloudFront': buildFullConfig('withCloudFront'),
  "the API's own address": buildTestConfig('local', { publicUrl: undefined, serviceUrl: undefined }),
};

describe.each(Object.entries(configs))('a deployment on this machine from %s', (_name, config) => {
  const moved = moveToThisMachine(config, origin, provider);

  test('is valid', () => {
    expect(validateConfig(JSON.parse(JSON.stringify(moved)))).toEqual(moved);
  });

  test('has its routes at the origin, and none of its own addresses elsewhere', () => {
    expect(moved.publicUrl).toBe(`${origin}/auth`);
    const hosts = [config.publicUrl, config.serviceUrl].flatMap((url) => (url ? new URL(url).host : []));
    const text = JSON.stringify(moved);
    for (const host of hosts) if (!origin.endsWith(host)) expect(text).not.toContain(`//${host}/`);
  });

  test('has the provider in place of One Login, and nothing of the account', () => {
    expect(moved).toMatchObject({ environment: 'local', provider, alarms: { emails: [] } });
    expect(JSON.stringify(moved)).not.toMatch(/account\.gov\.uk\/(?!v1)|arn:aws|on-call@/);
    for (const field of ['account', 'domain', 'cloudFront', 'firewall'])
      expect(moved).not.toHaveProperty(field);
  });
});

describe('moveToThisMachine', () => {
  test('keeps the path of a deployment that shares its host', () => {
    const config = buildTestConfig('integration.example', {
      publicUrl: 'https://services.gov.uk/licences/auth',
      serviceUrl: 'https://services.gov.uk/licences',
      defaultPage: '/licences/account',
      signedOutUrl: 'https://services.gov.uk/licences/bye',
    });
    expect(moveToThisMachine(config, origin, provider)).toMatchObject({
      publicUrl: `${origin}/licences/auth`,
      serviceUrl: `${origin}/licences`,
      defaultPage: '/licences/account',
      signedOutUrl: `${origin}/licences/bye`,
    });
  });

  test('moves every address of the service, and no other', () => {
    const own = 'https://licence.service.gov.uk';
    const config = buildTestConfig('integration.example', {
      publicUrl: `${own}/auth`,
      serviceUrl: 'https://www.licence.service.gov.uk/start',
      defaultPage: `${own}/account?tab=1`,
      signedOutUrl: 'https://forms.gov.uk/bye',
      returnOrigins: ['https://forms.gov.uk', 'https://www.licence.service.gov.uk'],
      identity: {
        vtr: ['Cl.Cm.P2'],
        claims: ['https://vocab.account.gov.uk/v1/coreIdentityJWT'],
        notProvedUrl: `${own}/help`,
        inPersonReturnUrl: '/result',
      },
      footerLinks: [{ text: 'Privacy', url: `${own}/privacy` }],
      pageTexts: { denied: { en: { text: [`${own}/ stays as you wrote it.`] } } },
    });
    expect(moveToThisMachine(config, 'https://orders.localhost', provider)).toMatchObject({
      serviceUrl: 'https://orders.localhost/start',
      defaultPage: 'https://orders.localhost/account?tab=1',
      signedOutUrl: 'https://forms.gov.uk/bye',
      returnOrigins: ['https://forms.gov.uk', 'https://orders.localhost'],
      identity: { notProvedUrl: 'https://orders.localhost/help', inPersonReturnUrl: '/result' },
      footerLinks: [{ url: 'https://orders.localhost/privacy' }],
      pageTexts: config.pageTexts,
    });
  });

  test.each([
    ['without a public URL', { publicUrl: undefined }],
    ["with the API's own address", { publicUrl: 'https://a.execute-api.eu-west-2.amazonaws.com/live/auth' }],
  ])('takes the stage out of paths %s', (_name, changes) => {
    const config = buildTestConfig('local', {
      ...changes,
      serviceUrl: undefined,
      defaultPage: '/live/account',
    });
    expect(moveToThisMachine(config, origin, provider).defaultPage).toBe('/account');
  });
});
