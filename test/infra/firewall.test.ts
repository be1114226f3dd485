import { describe, expect, test } from '@jest/globals';
import { sessionCookieName } from '../../lambdas/core/session/cookies.ts';
import type { ManagedRuleGroup } from '../../lib/config/deployment-config.ts';
import { managedRuleGroups, sumCapacity } from '../../lib/config/managed-rule-groups.ts';
import { configOf, synthesise } from './synthesise.ts';
import { judge, peer, rulesOf, secretValue, capacityOf as wcuOf } from './web-acl.ts';

const groups = [
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesAnonymousIpList',
  'AWSManagedRulesBotControlRuleSet',
] as const;
const rateLimits = {
  signIn: 100,
  callback: 200,
  signOut: 300,
  userinfoWithoutSession: 400,
  backchannelLogout: 500,
  jwks: 600,
};
const firewall = { managedRuleGroups: groups, rateLimits };
const alone = synthesise(configOf('integration.example', { publicUrl: undefined, firewall }));
const behindCloudFront = synthesise(
  configOf('integration.example', {
    firewall: { ...firewall, managedRuleGroups: [groups[0], groups[2]] },
    cloudFront: { originSecrets: ['first', 'second'] },
  }),
);
const onlyCloudFront = synthesise(
  configOf('integration.example', { cloudFront: { originSecrets: ['first'] } }),
);
const all = [alone, behindCloudFront, onlyCloudFront];

const fromCloudFront = { 'x-origin-verify': secretValue('first'), 'true-client-ip': '192.0.2.1' };
const signInRoutes = ['login', 'reauthenticate', 'prove-identity', 'in-person-return'];
const machinesRoutes = ['.well-known/jwks.json', 'backchannel-logout', 'userinfo'];

test('there is no firewall unless the config says so', () => {
  expect(synthesise(configOf('integration.example')).ofType('AWS::WAFv2::WebACL')).toEqual([]);
});

test('the firewall stands in front of the stage, and lets through what no rule refuses', () => {
  const [id, { Properties }] = alone.one('AWS::WAFv2::WebACL');
  const [api] = alone.one('AWS::ApiGateway::RestApi');
  const [stage] = alone.one('AWS::ApiGateway::Stage');

  expect(Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
  expect(alone.one('AWS::WAFv2::WebACLAssociation')[1].Properties).toEqual({
    WebACLArn: { 'Fn::GetAtt': [id, 'Arn'] },
    ResourceArn: {
      'Fn::Join': [
        '',
        ['arn:aws:apigateway:eu-west-2::/restapis/', { Ref: api }, '/stages/', { Ref: stage }],
      ],
    },
  });
});

describe('requests from one address are counted', () => {
  test.each(signInRoutes)('on the way to One Login, all together: /auth/%s', (route) => {
    expect(judge(alone, { path: `/auth/${route}` }).countedBy).toEqual({ TooManySignIns: peer });
    expect(judge(alone, { path: `/live/auth/${route}` }).countedBy).toEqual({ TooManySignIns: peer });
  });

  test('at the callback', () => {
    expect(judge(alone, { path: '/live/auth/callback' }).countedBy).toEqual({ TooManyCallbacks: peer });
  });

  test.each(['/live/auth/%6Cogin', '/live/auth/login/', '/live/auth//login', '/auth%2Flogin'])(
    'however the path is written: %s',
    (path) => {
      expect(judge(alone, { path }).countedBy).toEqual({ TooManySignIns: peer });
    },
  );

  test.each([
    ['logout', 'TooManySignOuts'],
    ['signed-out', 'TooManySignOuts'],
    ['backchannel-logout', 'TooManyNotifications'],
    ['.well-known/jwks.json', 'TooManyKeyRequests'],
    ['userinfo', 'TooManyWithoutSession'],
  ])('at each route that anyone can flood: /auth/%s', (route, rule) => {
    expect(judge(alone, { path: `/live/auth/${route}` }).countedBy).toEqual({ [rule]: peer });
    expect(judge(alone, { path: `/auth/${route}/` }).countedBy).toEqual({ [rule]: peer });
  });

  test('at /auth/userinfo only without a session cookie: an application asks for all its users', () => {
    const asked = (cookie: string) => judge(alone, { path: '/live/auth/userinfo', headers: { cookie } });

    expect(asked(`a=b; ${sessionCookieName}=x.y`).countedBy).toEqual({});
    expect(asked('a=b').countedBy).toEqual({ TooManyWithoutSession: peer });
  });

  test.each(['assets/login.css', 'message'])('but not elsewhere: /auth/%s', (route) => {
    expect(judge(alone, { path: `/live/auth/${route}` }).countedBy).not.toHaveProperty('TooManySignOuts');
  });

  test('over five minutes, up to the limits of the config', () => {
    const limits = rulesOf(alone)
      .filter(({ Statement }) => Statement.RateBasedStatement)
      .map(({ Name, Action, Statement: { RateBasedStatement: rate } }) => [
        Name,
        Action,
        rate.Limit,
        rate.EvaluationWindowSec,
      ]);

    expect(limits).toEqual([
      ['TooManySignIns', { Block: {} }, 100, 300],
      ['TooManyCallbacks', { Block: {} }, 200, 300],
      ['TooManySignOuts', { Block: {} }, 300, 300],
      ['TooManyNotifications', { Block: {} }, 500, 300],
      ['TooManyKeyRequests', { Block: {} }, 600, 300],
      ['TooManyWithoutSession', { Block: {} }, 400, 300],
    ]);
  });
});

describe('the managed rule groups', () => {
  test('look at what browsers ask for, in the order of the config, and refuse what they find', () => {
    expect(judge(alone, { path: '/live/auth/login' }).lookedAtBy).toEqual(groups);
    expect(judge(alone, { path: '/live/auth/logout' }).lookedAtBy).toEqual(groups);
    for (const { Statement, OverrideAction } of rulesOf(alone)) {
      if (Statement.ManagedRuleGroupStatement) expect(OverrideAction).toEqual({ None: {} });
    }
  });

  test.each(machinesRoutes)('never look at what machines ask for: /auth/%s', (route) => {
    expect(judge(alone, { path: `/live/auth/${route}` }).lookedAtBy).toEqual([]);
    expect(judge(alone, { path: `/auth/${route}` }).lookedAtBy).toEqual([]);
  });

  test.each([
    '/live/auth/login/.well-known/jwks.json',
    '/live/auth/login%3F/auth/userinfo',
    '/other/auth/userinfo',
    '/live/auth/userinfo/x',
    '/live/auth/.well-known/jwks-json',
  ])('look at what only resembles it: %s', (path) => {
    expect(judge(alone, { path }).lookedAtBy).toEqual(groups);
  });

  test('cost, with our own rules, what the config is told that they do, and no more than AWS includes', () => {
    const capacities = Object.fromEntries(
      Object.entries(managedRuleGroups).map(([group, { capacity }]) => [group, capacity]),
    );
    const of = (template: typeof alone) =>
      rulesOf(template).reduce((sum, { Statement }) => sum + wcuOf(Statement, capacities), 0);

    expect(of(behindCloudFront)).toBe(
      sumCapacity([groups[0], groups[2]] satisfies readonly ManagedRuleGroup[]),
    );
    expect(of(alone)).toBeLessThanOrEqual(sumCapacity(groups));
    expect(of(behindCloudFront)).toBeLessThan(1500);
  });
});

describe('behind CloudFront', () => {
  test.each(['login', 'callback', ...machinesRoutes])(
    'whoever does not come from there is refused before anything else: /auth/%s',
    (route) => {
      const path = `/live/auth/${route}`;
      const refused = { refusedBy: 'NotFromCloudFront', countedBy: {}, lookedAtBy: [] };

      for (const template of [behindCloudFront, onlyCloudFront]) {
        expect(judge(template, { path })).toEqual(refused);
        expect(judge(template, { path, headers: { 'x-origin-verify': 'a guess' } })).toEqual(refused);
        expect(judge(template, { path, headers: { ...fromCloudFront, 'x-origin-verify': '' } })).toEqual(
          refused,
        );
        expect(judge(template, { path, headers: fromCloudFront })).not.toHaveProperty('refusedBy');
      }
    },
  );

  test('either secret will do while it changes, and the old one no more afterwards', () => {
    const second = {
      path: '/live/auth/login',
      headers: { ...fromCloudFront, 'x-origin-verify': secretValue('second') },
    };

    expect(judge(behindCloudFront, second)).not.toHaveProperty('refusedBy');
    expect(judge(onlyCloudFront, second)).toHaveProperty('refusedBy', 'NotFromCloudFront');
  });

  test('requests are counted for the address that CloudFront says, whatever the browser says', () => {
    const headers = { ...fromCloudFront, 'x-forwarded-for': '203.0.113.9, 192.0.2.1' };

    expect(judge(behindCloudFront, { path: '/live/auth/login', headers }).countedBy).toEqual({
      TooManySignIns: '192.0.2.1',
    });
    expect(judge(behindCloudFront, { path: '/live/auth/callback', headers }).countedBy).toEqual({
      TooManyCallbacks: '192.0.2.1',
    });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['no address', { 'x-origin-verify': secretValue('first') }, 'NoViewerAddress'],
    ['an empty address', { ...fromCloudFront, 'true-client-ip': '' }, 'NoViewerAddress'],
    ['what is no address', { ...fromCloudFront, 'true-client-ip': 'unknown' }, 'TooManySignIns'],
  ])('a distribution that sends %s lets nobody sign in uncounted', (_, headers, rule) => {
    expect(judge(behindCloudFront, { path: '/live/auth/login', headers }).refusedBy).toBe(rule);
  });

  test('machines need no address', () => {
    const headers = { 'x-origin-verify': secretValue('first') };

    for (const route of machinesRoutes) {
      expect(judge(behindCloudFront, { path: `/live/auth/${route}`, headers })).toEqual({
        countedBy: {},
        lookedAtBy: [],
      });
    }
  });

  test('each secret is made by Secrets Manager, and only referred to', () => {
    const secrets = behindCloudFront.ofType('AWS::SecretsManager::Secret');

    expect(secrets).toHaveLength(2);
    for (const [id, { Properties }] of secrets) {
      expect(Properties).not.toHaveProperty('SecretString');
      expect(Properties.GenerateSecretString).toMatchObject({ PasswordLength: 64, ExcludePunctuation: true });
      expect(JSON.stringify(rulesOf(behindCloudFront)[0])).toContain(
        `"SearchString":{"Fn::Join":["",["{{resolve:secretsmanager:",{"Ref":"${id}"},":SecretString:::}}"]]}`,
      );
    }
    expect(Object.keys(behindCloudFront.json.Outputs)).toEqual(
      expect.arrayContaining(['OriginSecretfirst', 'OriginSecretsecond', 'ApiUrl']),
    );
  });
});

describe('nothing that people send is kept', () => {
  test('by the log, of what is refused: no query string, cookie, referrer or secret', () => {
    for (const template of all) {
      const [, { Properties }] = template.one('AWS::WAFv2::LoggingConfiguration');
      const redacted = Properties.RedactedFields.map(
        (field: { SingleHeader?: { Name: string } }) => field.SingleHeader?.Name ?? Object.keys(field)[0],
      );

      expect(redacted).toEqual(['QueryString', 'cookie', 'authorization', 'referer', 'x-origin-verify']);
      expect(Properties.LoggingFilter).toEqual({
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }],
          },
        ],
      });
    }
  });

  test('by samples, which the console would show as they were', () => {
    for (const template of all) {
      const [, { Properties }] = template.one('AWS::WAFv2::WebACL');
      for (const { VisibilityConfig } of [Properties, ...Properties.Rules])
        expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
    }
  });

  test('and the log is where AWS WAF takes one, kept for as long as other logs', () => {
    const [id, { Properties }] = alone.one('AWS::Logs::LogGroup', 'Firewall');
    const [, logging] = alone.one('AWS::WAFv2::LoggingConfiguration');
    const name = 'aws-waf-logs-one-login-apply-for-a-licence-integration';

    expect(Properties).toMatchObject({ LogGroupName: name, RetentionInDays: 30 });
    expect(logging.Properties.LogDestinationConfigs).toEqual([
      `arn:aws:logs:eu-west-2:111122223333:log-group:${name}`,
    ]);
    expect(logging.DependsOn).toContain(id);
  });
});

test('each rule has a metric, and the firewall one of the deployment', () => {
  const [, { Properties }] = behindCloudFront.one('AWS::WAFv2::WebACL');
  const names = Properties.Rules.map(
    (rule: { VisibilityConfig: { MetricName: string } }) => rule.VisibilityConfig.MetricName,
  );

  expect(new Set(names).size).toBe(names.length);
  expect(Properties.VisibilityConfig.MetricName).toBe('one-login-apply-for-a-licence-integration');
});
