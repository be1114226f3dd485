import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { buildCookieNames } from '../../lambdas/core/session/cookie-names.ts';
import { managedRuleGroups, sumCapacity } from '../../lib/config/managed-rule-groups.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { buildTestConfig, findResource, listResources, readOutput, synthesise } from './synthesise.ts';
import { calculateCapacity, evaluateRequest, listRules, peer, secretValue } from './web-acl.ts';

const commonRules = 'AWSManagedRulesCommonRuleSet';
const botControl = 'AWSManagedRulesBotControlRuleSet';
const groups = [commonRules, 'AWSManagedRulesAnonymousIpList', botControl] as const;
const rateLimits = {
  signIn: 100,
  callback: 200,
  signOut: 300,
  userinfoWithoutSession: 400,
  backchannelLogout: 500,
  jwks: 600,
};
const synthesiseFirewall = (changes: Readonly<Record<string, unknown>>) =>
  synthesise(buildTestConfig('integration.example', changes));
const alone = synthesiseFirewall({
  publicUrl: undefined,
  firewall: { managedRuleGroups: groups, rateLimits },
});
const behindCloudFront = synthesiseFirewall({
  firewall: { managedRuleGroups: [commonRules, botControl], rateLimits },
  cloudFront: { originSecrets: ['first', 'second'] },
  cookieName: 'licences',
});
const onlyCloudFront = synthesiseFirewall({ cloudFront: { originSecrets: ['first'] } });
const all = [alone, behindCloudFront, onlyCloudFront];

const cloudFrontHeaders = { 'x-origin-verify': secretValue('first'), 'true-client-ip': '192.0.2.1' };
const machineRoutes = ['.well-known/jwks.json', 'backchannel-logout', 'userinfo'];

const evaluate = (path: string, headers: Readonly<Record<string, string>> = {}, template: Template = alone) =>
  evaluateRequest(template, { path, headers });

describe('the firewall', () => {
  it('does not exist unless the config has it', () => {
    synthesiseFirewall({}).resourceCountIs('AWS::WAFv2::WebACL', 0);
  });

  it('is in front of the stage and allows requests that no rule refuses', () => {
    const { id, Properties } = findResource(alone, 'AWS::WAFv2::WebACL');
    const { id: api } = findResource(alone, 'AWS::ApiGateway::RestApi');
    const { id: stage } = findResource(alone, 'AWS::ApiGateway::Stage');

    expect(Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(findResource(alone, 'AWS::WAFv2::WebACLAssociation').Properties).toEqual({
      WebACLArn: { 'Fn::GetAtt': [id, 'Arn'] },
      ResourceArn: {
        'Fn::Join': [
          '',
          ['arn:aws:apigateway:eu-west-2::/restapis/', { Ref: api }, '/stages/', { Ref: stage }],
        ],
      },
    });
  });

  it('has a metric for each rule, and one for the deployment', () => {
    const { Properties } = findResource(behindCloudFront, 'AWS::WAFv2::WebACL');
    const names = listRules(behindCloudFront).map(({ VisibilityConfig }) => VisibilityConfig.MetricName);

    expect(new Set(names).size).toBe(names.length);
    expect(Properties.VisibilityConfig.MetricName).toBe('one-login-apply-for-a-licence-integration');
  });
});

describe('the rate limits', () => {
  // id: firewall-limits-per-address
  it.each([
    ['login', 'TooManySignIns'],
    ['reauthenticate', 'TooManySignIns'],
    ['prove-identity', 'TooManySignIns'],
    ['in-person-return', 'TooManySignIns'],
    ['message', 'TooManySignIns'],
    ['callback', 'TooManyCallbacks'],
    ['logout', 'TooManySignOuts'],
    ['signed-out', 'TooManySignOuts'],
    ['backchannel-logout', 'TooManyNotifications'],
    ['.well-known/jwks.json', 'TooManyKeyRequests'],
    ['userinfo', 'TooManyWithoutSession'],
  ])('count requests to /auth/%s from one address for the rule %s', (route, rule) => {
    for (const path of [`/auth/${route}`, `/live/auth/${route}`, `/auth/${route}/`]) {
      expect(evaluate(path).countedBy).toEqual({ [rule]: peer });
    }
  });

  it.each(['/live/auth/%6Cogin', '/live/auth/login/', '/live/auth//login', '/auth%2Flogin'])(
    'count requests in any spelling of the path: %s',
    (path) => {
      expect(evaluate(path).countedBy).toEqual({ TooManySignIns: peer });
    },
  );

  it('do not count requests for assets', () => {
    expect(evaluate('/live/auth/assets/login.css').countedBy).toEqual({});
  });

  it('do not count userinfo requests with a session cookie, which an application sends for all its users', () => {
    const path = '/live/auth/userinfo';

    expect(evaluate(path, { cookie: `a=b; ${sessionCookieName}=x.y` }).countedBy).toEqual({});
    expect(evaluate(path, { cookie: 'a=b' }).countedBy).toEqual({ TooManyWithoutSession: peer });
  });

  it('count userinfo requests with the session cookie of another deployment on the host', () => {
    const path = '/live/auth/userinfo';
    const countedWith = (cookieName: string, template: Template) =>
      evaluate(
        path,
        { ...cloudFrontHeaders, cookie: `${buildCookieNames(cookieName).session}=x.y` },
        template,
      ).countedBy;

    expect(countedWith('licences', behindCloudFront)).toEqual({});
    expect(countedWith('', behindCloudFront)).toHaveProperty('TooManyWithoutSession');
    expect(countedWith('licences', alone)).toHaveProperty('TooManyWithoutSession');
  });

  it('are those of the config, over five minutes', () => {
    const limits = listRules(alone)
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
  it('inspect requests of browsers in the order of the config, and refuse what they match', () => {
    expect(evaluate('/live/auth/login').inspectedBy).toEqual(groups);
    expect(evaluate('/live/auth/logout').inspectedBy).toEqual(groups);
    for (const { Statement, OverrideAction } of listRules(alone)) {
      if (Statement.ManagedRuleGroupStatement) expect(OverrideAction).toEqual({ None: {} });
    }
  });

  // id: firewall-exempts-machines
  it.each(machineRoutes)('do not inspect requests of machines: /auth/%s', (route) => {
    expect(evaluate(`/live/auth/${route}`).inspectedBy).toEqual([]);
    expect(evaluate(`/auth/${route}`).inspectedBy).toEqual([]);
  });

  // id: firewall-inspects-lookalike-paths
  it.each([
    '/live/auth/login/.well-known/jwks.json',
    '/live/auth/login%3F/auth/userinfo',
    '/other/auth/userinfo',
    '/live/auth/userinfo/x',
    '/live/auth/.well-known/jwks-json',
  ])('inspect requests to paths that only resemble those of machines: %s', (path) => {
    expect(evaluate(path).inspectedBy).toEqual(groups);
  });

  it('cost, with our own rules, as much as the config assumes and less than AWS includes', () => {
    const capacities = Object.fromEntries(
      Object.entries(managedRuleGroups).map(([group, { capacity }]) => [group, capacity]),
    );
    const sumRules = (template: Template) =>
      listRules(template).reduce((sum, { Statement }) => sum + calculateCapacity(Statement, capacities), 0);

    expect(sumRules(behindCloudFront)).toBe(sumCapacity([commonRules, botControl]));
    expect(sumRules(alone)).toBeLessThanOrEqual(sumCapacity(groups));
    expect(sumRules(behindCloudFront)).toBeLessThan(1500);
  });
});

describe('the firewall behind CloudFront', () => {
  // id: cloudfront-secret-required
  it.each(['login', 'callback', ...machineRoutes])(
    'refuses requests that do not come from CloudFront before all other rules: /auth/%s',
    (route) => {
      const path = `/live/auth/${route}`;
      const refused = { refusedBy: 'NotFromCloudFront', countedBy: {}, inspectedBy: [] };

      for (const template of [behindCloudFront, onlyCloudFront]) {
        for (const headers of [
          {},
          { 'x-origin-verify': 'a guess' },
          { ...cloudFrontHeaders, 'x-origin-verify': '' },
        ])
          expect(evaluate(path, headers, template)).toEqual(refused);
        expect(evaluate(path, cloudFrontHeaders, template)).not.toHaveProperty('refusedBy');
      }
    },
  );

  it('accepts two secrets during a change, and the old one no more afterwards', () => {
    const headers = { ...cloudFrontHeaders, 'x-origin-verify': secretValue('second') };

    expect(evaluate('/live/auth/login', headers, behindCloudFront)).not.toHaveProperty('refusedBy');
    expect(evaluate('/live/auth/login', headers, onlyCloudFront)).toHaveProperty(
      'refusedBy',
      'NotFromCloudFront',
    );
  });

  it.each([
    ['login', 'TooManySignIns'],
    ['callback', 'TooManyCallbacks'],
  ])('counts requests to /auth/%s for the address that CloudFront sends, in the rule %s', (route, rule) => {
    const headers = { ...cloudFrontHeaders, 'x-forwarded-for': '203.0.113.9, 192.0.2.1' };

    expect(evaluate(`/live/auth/${route}`, headers, behindCloudFront).countedBy).toEqual({
      [rule]: '192.0.2.1',
    });
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['no address', { 'x-origin-verify': secretValue('first') }, 'NoViewerAddress'],
    ['an empty address', { ...cloudFrontHeaders, 'true-client-ip': '' }, 'NoViewerAddress'],
    ['an invalid address', { ...cloudFrontHeaders, 'true-client-ip': 'unknown' }, 'TooManySignIns'],
  ])('refuses sign-ins with %s, which could not be counted', (_, headers, rule) => {
    expect(evaluate('/live/auth/login', headers, behindCloudFront).refusedBy).toBe(rule);
  });

  it.each(machineRoutes)('needs no address for requests of machines: /auth/%s', (route) => {
    const headers = { 'x-origin-verify': secretValue('first') };

    expect(evaluate(`/live/auth/${route}`, headers, behindCloudFront)).toEqual({
      countedBy: {},
      inspectedBy: [],
    });
  });

  it('refers to secrets that Secrets Manager generates', () => {
    const secrets = listResources(behindCloudFront, 'AWS::SecretsManager::Secret');

    expect(secrets).toHaveLength(2);
    for (const { id, Properties } of secrets) {
      expect(Properties).not.toHaveProperty('SecretString');
      expect(Properties.GenerateSecretString).toMatchObject({ PasswordLength: 64, ExcludePunctuation: true });
      expect(JSON.stringify(listRules(behindCloudFront)[0])).toContain(
        `"SearchString":{"Fn::Join":["",["{{resolve:secretsmanager:",{"Ref":"${id}"},":SecretString:::}}"]]}`,
      );
    }
    for (const output of ['OriginSecretfirst', 'OriginSecretsecond', 'ApiUrl'])
      expect(readOutput(behindCloudFront, output)).toBeDefined();
  });
});

describe("the firewall's log", () => {
  // id: firewall-log-redacted
  it.each(
    all.map(
      (template, index) => [['alone', 'behind CloudFront', 'for CloudFront only'][index], template] as const,
    ),
  )('contains refused requests without query string, cookies, referrer and secret: %s', (_, template) => {
    const { Properties } = findResource(template, 'AWS::WAFv2::LoggingConfiguration');
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
  });

  // id: firewall-no-samples
  it('has no samples, which the console would show unredacted', () => {
    for (const template of all) {
      const { Properties } = findResource(template, 'AWS::WAFv2::WebACL');
      for (const { VisibilityConfig } of [Properties, ...Properties.Rules])
        expect(VisibilityConfig.SampledRequestsEnabled).toBe(false);
    }
  });

  it('has a name that AWS WAF accepts and the retention of other logs', () => {
    const { id, Properties } = findResource(alone, 'AWS::Logs::LogGroup', 'Firewall');
    const logging = findResource(alone, 'AWS::WAFv2::LoggingConfiguration');
    const name = 'aws-waf-logs-one-login-apply-for-a-licence-integration';

    expect(Properties).toMatchObject({ LogGroupName: name, RetentionInDays: 30 });
    expect(logging.Properties.LogDestinationConfigs).toEqual([
      `arn:aws:logs:eu-west-2:111122223333:log-group:${name}`,
    ]);
    expect(logging.DependsOn).toContain(id);
  });
});
