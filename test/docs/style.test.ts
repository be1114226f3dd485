import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from '@jest/globals';
import { countWords, listSentences, pages } from '../support/prose.ts';

const read = (page: string) => readFileSync(page, 'utf8');

/** The words that all documents may have together. Lower it when they have fewer; do not raise it. */
const wordLimit = 97_640;

const sentenceLimit = 30;
/** Pages with sentences that are still longer. Take a page off when it has none; add none. */
const stillLong: readonly string[] = [
  'CHANGELOG.md',
  'docs/account-linking.md',
  'docs/authorizer.md',
  'docs/behind-cloudfront.md',
  'docs/cost.md',
  'docs/decisions/0001-rest-api-regional.md',
  'docs/decisions/0003-three-tables.md',
  'docs/decisions/0011-consume-is-one-conditional-update.md',
  'docs/decisions/0012-the-session-is-unreadable-without-the-cookie.md',
  'docs/decisions/0013-a-logout-that-cannot-be-outrun.md',
  'docs/decisions/0014-provider-documents.md',
  'docs/decisions/0015-the-callbacks-hot-path.md',
  'docs/decisions/0016-secrets-never-reach-a-log.md',
  'docs/decisions/0017-the-local-environment-runs-the-template.md',
  'docs/decisions/0019-bundles-made-for-the-cold-start.md',
  'docs/decisions/0022-the-audit-trail-is-the-log-of-its-collector.md',
  'docs/decisions/0026-pages-are-rendered-at-synth-time.md',
  'docs/decisions/0029-static-assets-from-the-cdks-bucket.md',
  'docs/decisions/0030-the-example-service-is-a-function-without-permissions.md',
  'docs/decisions/0031-the-service-header-without-its-script.md',
  'docs/decisions/0032-every-page-is-in-one-catalogue.md',
  'docs/decisions/0033-metrics-in-the-log.md',
  'docs/decisions/0035-one-host-name.md',
  'docs/decisions/0037-a-firewall-that-lets-machines-through.md',
  'docs/decisions/0038-capacity-is-configuration.md',
  'docs/decisions/0039-one-key-for-tables-and-logs.md',
  'docs/decisions/0040-who-may-use-the-signing-keys.md',
  'docs/decisions/0041-signatures-by-others.md',
  'docs/decisions/0049-alarms-by-what-users-suffer.md',
  'docs/decisions/0050-templates-are-examined-by-the-rules-of-others.md',
  'docs/decisions/0051-calls-to-aws-without-the-sdk.md',
  'docs/errors.md',
  'docs/going-live.md',
  'docs/identity.md',
  'docs/load.md',
  'docs/one-login.md',
  'docs/operations/data-protection.md',
  'docs/operations/disaster-recovery.md',
  'docs/operations/game-day.md',
  'docs/operations/metrics.md',
  'docs/operations/monitoring.md',
  'docs/operations/permissions.md',
  'docs/operations/rehearsal.md',
  'docs/operations/rotate-signing-key.md',
  'docs/pages.md',
  'docs/performance.md',
  'docs/security-txt.md',
  'docs/security/asvs-5.md',
  'docs/security/threat-model.md',
  'docs/session-timeout.md',
  'docs/sessions.md',
  'docs/several-services-on-one-host.md',
  'docs/stand-in.md',
  'docs/using-userinfo.md',
];

/** Pages in which machines still speak. Take a page off when they do not; add none. */
const stillSpeaking: readonly string[] = [
  'CHANGELOG.md',
  'docs/authorizer.md',
  'docs/behind-cloudfront.md',
  'docs/configuration.md',
  'docs/decisions/0002-kms-ps256-kid.md',
  'docs/decisions/0007-one-config-file-one-template.md',
  'docs/decisions/0013-a-logout-that-cannot-be-outrun.md',
  'docs/decisions/0016-secrets-never-reach-a-log.md',
  'docs/decisions/0021-what-the-authorizer-answers.md',
  'docs/decisions/0025-since-when-a-key-is-what-it-is.md',
  'docs/decisions/0027-errors-can-be-read-in-the-other-language.md',
  'docs/decisions/0029-static-assets-from-the-cdks-bucket.md',
  'docs/decisions/0030-the-example-service-is-a-function-without-permissions.md',
  'docs/decisions/0034-alarms-with-runbooks.md',
  'docs/decisions/0035-one-host-name.md',
  'docs/decisions/0036-the-firewall-knows-cloudfront-by-a-secret.md',
  'docs/decisions/0039-one-key-for-tables-and-logs.md',
  'docs/decisions/0040-who-may-use-the-signing-keys.md',
  'docs/decisions/0042-deployments-are-rehearsed-in-an-emulated-aws.md',
  'docs/decisions/0043-what-the-dependencies-are-and-whether-they-are-safe.md',
  'docs/errors.md',
  'docs/going-live.md',
  'docs/keep-a-form.md',
  'docs/operations/data-protection.md',
  'docs/operations/disaster-recovery.md',
  'docs/operations/doctor.md',
  'docs/operations/monitoring.md',
  'docs/operations/register.md',
  'docs/operations/rotate-signing-key.md',
  'docs/pages.md',
  'docs/performance.md',
  'docs/service-header.md',
  'docs/sessions.md',
  'docs/stand-in.md',
  'docs/using-userinfo.md',
];

const findSentences = (matches: (sentence: string) => boolean, exempt: readonly string[]) =>
  pages
    .filter((page) => !exempt.includes(page))
    .flatMap((page) =>
      listSentences(read(page))
        .filter(matches)
        .map((sentence) => ({ page, sentence })),
    );

describe('the documents', () => {
  it(`have at most ${wordLimit} words`, () => {
    const words = pages.reduce((total, page) => total + countWords(read(page)), 0);
    expect(words).toBeLessThanOrEqual(wordLimit);
  });

  it('are each listed once in docs/README.md, runbooks and decisions by their folder', () => {
    const contents = 'docs/README.md';
    const listed = [...read(contents).matchAll(/\]\(([^)#:\s]+)\)/g)].map(([, target = '']) =>
      join(dirname(contents), target),
    );
    const folders = listed.filter((target) => target.endsWith('/'));
    const expected = pages.filter(
      (page) => page !== contents && page !== 'README.md' && !folders.includes(`${dirname(page)}/`),
    );
    expect(folders).toEqual(['docs/operations/runbooks/', 'docs/decisions/']);
    expect(listed.filter((target) => target.endsWith('.md')).sort()).toEqual(expected);
  });

  it(`have no sentence of more than ${sentenceLimit} words`, () => {
    expect(findSentences((sentence) => countWords(sentence) > sentenceLimit, stillLong)).toEqual([]);
  });

  it('let no machine speak', () => {
    expect(findSentences((sentence) => speakingMachine.test(sentence), stillSpeaking)).toEqual([]);
  });
});

/** A machine returns, sends, shows, logs, requests, responds or fails. Only people say, ask and know. */
const speakingMachine = new RegExp(
  `\\b(${[
    'code',
    'API Gateway|CloudFormation|CloudFront|CloudWatch|DynamoDB|KMS|Lambda|Node|GitHub|npm',
    '(?:[Tt]he|[Aa]n?|[Ee]ach|[Ee]very|[Ii]ts|[Yy]our) (?:[a-z-]+ )?(?:alarm|API|authorizer|browser|canary|command|config|dashboard|database|doctor|emulator|function|log|page|program|response|route|script|server|session|simulator|stack|stand-in|table|template|test|token)s?',
  ].join('|')}) (says?|tells?|asks?|knows?|hears?|promises?|wants?|answers?|thinks?|believes?)\\b`,
);

describe('the sentences of a page', () => {
  it('leave out what is no prose, and count a link by its text', () => {
    const page = [
      '# A heading',
      '',
      'One [link to a page](https://example.com/a/b). Two `npm run x` here.',
      '',
      '```sh',
      'npm start',
      '```',
      '',
      '| a | table |',
      '',
      '- first item',
      '- second item,',
      '  on two lines',
      '',
      '<!-- generated: x -->',
      'generated text',
      '<!-- end of generated -->',
    ].join('\n');
    expect(listSentences(page)).toEqual([
      'One link to a page.',
      'Two code here.',
      'first item',
      'second item, on two lines',
    ]);
  });

  it.each(['The stack says so.', 'Then the user asks.', 'KMS answers slowly.', 'You know the page.'])(
    'are examined for speaking machines: %s',
    (sentence) => {
      expect(speakingMachine.test(sentence)).toBe(/says|answers/.test(sentence));
    },
  );
});
