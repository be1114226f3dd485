import { expect, test } from '@jest/globals';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

const topicArn = 'arn:aws:sns:eu-west-2:111122223333:on-call';

function configWith(alarms: unknown, region = 'eu-west-2') {
  return validateConfig({
    name: 'licences',
    environment: 'integration',
    region,
    serviceName: 'Apply for a licence',
    clientId: 'client',
    scopes: ['openid'],
    authentication: { vtr: ['Cl.Cm'] },
    signingKeys: [{ name: '2026-01', state: 'sign' }],
    alarms,
  });
}

function mistakesIn(alarms: unknown, region?: string): readonly string[] {
  try {
    configWith(alarms, region);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
}

test('alarms may go to a topic, to e-mail addresses, to both, or to nobody', () => {
  const emails = ['on-call@example.gov.uk', "o'brien+alarms@digital.example.gov.uk"];
  for (const alarms of [{}, { topicArn }, { emails }, { topicArn, emails }]) {
    expect(configWith(alarms).alarms).toEqual({ emails: [], ...alarms });
  }
});

test('alarms of a region are sent to a topic of that region', () => {
  expect(mistakesIn({ topicArn }, 'eu-west-1')).toEqual([
    `alarms.topicArn: "${topicArn}" is a topic of another region; alarms of eu-west-1 can't be sent to it`,
  ]);
});

test.each<[string, unknown, string]>([
  ['a topic by its name', { topicArn: 'on-call' }, 'alarms.topicArn: '],
  ['a FIFO topic, which takes no alarms', { topicArn: `${topicArn}.fifo` }, 'alarms.topicArn: '],
  ['a queue', { topicArn: topicArn.replace('sns', 'sqs') }, 'alarms.topicArn: '],
  ['an address without a host', { emails: ['on-call'] }, 'alarms.emails[0]: '],
  ['two addresses in one', { emails: ['a@example.gov.uk,b@example.gov.uk'] }, 'alarms.emails[0]: '],
  ['an address twice', { emails: ['a@example.gov.uk', 'a@example.gov.uk'] }, 'alarms.emails: '],
  ['runbooks at a path', { runbookBaseUrl: '/runbooks' }, 'alarms.runbookBaseUrl: '],
  ['runbooks with a slash too many', { runbookBaseUrl: 'https://a.example/b/' }, 'alarms.runbookBaseUrl: '],
  ['a field that there is not', { email: 'a@example.gov.uk' }, 'alarms.email: '],
])('%s is a mistake', (_, alarms, path) => {
  expect(mistakesIn(alarms)).toEqual([expect.stringContaining(path)]);
});
