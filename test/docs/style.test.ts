import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { describe, expect, it } from '@jest/globals';
import { countWords, listHeadingsAndRows, listSentences, pages } from '../support/prose.ts';

const read = (page: string) => readFileSync(page, 'utf8');

/** The words that all documents may have together. Lower it when they have fewer; do not raise it. */
const wordLimit = 35_000;

const sentenceLimit = 30;

/** Finds what matches in the prose of all pages, and in their headings and tables. */
const find = (matches: (text: string) => boolean) =>
  pages.flatMap((page) => {
    const texts = [...listSentences(read(page)), ...listHeadingsAndRows(read(page))];
    return texts.filter(matches).map((text) => ({ page, text }));
  });

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
    const long = pages.flatMap((page) =>
      listSentences(read(page)).filter((sentence) => countWords(sentence) > sentenceLimit),
    );
    expect(long).toEqual([]);
  });

  it('let no machine speak', () => {
    expect(find((text) => speakingMachine.test(text))).toEqual([]);
  });

  it('use the usual words', () => {
    expect(find((text) => unusualWords.test(text))).toEqual([]);
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

/** Words for which GOV.UK has others, and American spelling. */
const unusualWords =
  /\b(?:e-mails?|log(?:ged|ging)? (?:in|out)|whoever|whom|in order to|rings?|\w+n[’']t|(?:organ|recogn|real|minim|summar|util)iz\w+|behavior|licenses)\b/i;

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
