import { describe, expect, test } from '@jest/globals';
import { moveToThisMachine } from '../../local/local-config.ts';
import { standInProvider } from '../../local/provider.ts';
import { buildFullConfig } from '../infra/everything-on.ts';
import { buildTestConfig } from '../infra/synthesise.ts';
import { startService } from '../support/service.ts';
import { WebBrowser } from '../support/web-browser.ts';

/** Everything that a config can switch on, and the examples. */
const configs = {
  'the example for integration': buildTestConfig('integration.example'),
  'the example for production': buildTestConfig('production.example'),
  'everything and a domain': buildFullConfig('withDomain'),
  'everything and CloudFront': buildFullConfig('withCloudFront'),
};

describe.each(Object.entries(configs))('a deployment with %s', (_name, config) => {
  test('runs on this machine, signs a user in and proves an identity, without a call to One Login', async () => {
    const moved = moveToThisMachine(config, 'http://localhost:8080', standInProvider(3000));
    const service = await startService({ config: moved });
    try {
      expect(JSON.stringify(service.template)).not.toMatch(
        /(oidc|identity)\.(integration\.)?account\.gov\.uk/,
      );
      const browser = new WebBrowser();
      const page = await service.signIn(browser);
      expect([page.status, page.url.origin]).toEqual([200, service.url]);
      expect((await service.userinfo(browser)).body).toMatchObject({ email: expect.any(String) });
      await service.signIn(browser, '/auth/prove-identity');
      expect((await service.userinfo(browser)).body).toMatchObject({ identity: { outcome: 'proved' } });
      await service.standIn.backchannelLogoutsSettled();
    } finally {
      await service.close();
    }
  });
});
