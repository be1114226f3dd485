import { expect, jest, test } from '@jest/globals';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { startLocalEnvironment } from '../../local/environment.ts';
import { loadLocalConfig } from '../../local/local-config.ts';

// It starts an environment.
jest.setTimeout(60_000);

test('what stands in front of the API, and what it takes, makes no difference locally', async () => {
  const config: DeploymentConfig = {
    ...loadLocalConfig(),
    domain: { name: 'service.example', hostedZone: { id: 'Z1', name: 'example' } },
    cloudFront: { originSecrets: ['first'] },
    firewall: {
      managedRuleGroups: ['AWSManagedRulesBotControlRuleSet'],
      rateLimits: {
        signIn: 10,
        callback: 10,
        signOut: 10,
        userinfoWithoutSession: 10,
        backchannelLogout: 10,
        jwks: 10,
      },
    },
    reservedConcurrency: { login: 1, callback: 1, userinfo: 1, logout: 1, backchannelLogout: 1 },
  };
  const environment = await startLocalEnvironment({ config });
  try {
    const answers = await Promise.all(
      ['.well-known/jwks.json', 'login', 'userinfo'].map((route) =>
        fetch(`${environment.publicUrl}/${route}`, { redirect: 'manual' }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 303, 401]);
  } finally {
    await environment.close();
  }
});
