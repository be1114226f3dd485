import { describe, expect, it } from '@jest/globals';
import type { AlarmHistory } from '../../../dev/game-day/cloudwatch/run-alarms.ts';
import type { Expectation } from '../../../dev/game-day/incident.ts';
import { beginning } from '../../../dev/game-day/replay.ts';
import { formatTable } from '../../../dev/game-day/table.ts';
import { judge, type Verdict } from '../../../dev/game-day/verdict.ts';

type Calls = Readonly<Record<string, readonly number[]>>;

/** @param pages the minutes in which each alarm paged, from 1 on @param tickets the same for tickets */
function judgeCalls(expected: Expectation, pages: Calls, tickets: Calls = {}): Verdict {
  const describeAlarms = (calls: 'page' | 'ticket', all: Calls) =>
    Object.entries(all).map(
      ([name, minutes]): AlarmHistory => ({
        alarm: {
          kind: 'composite',
          id: name,
          name,
          calls,
          clears: false,
          runbook: `${name}-runbook`,
          rule: { alarms: [], evaluate: () => false },
          suppressor: undefined,
        },
        states: [],
        calls: minutes.map((minute) => beginning + minute - 1),
      }),
    );
  const histories = [...describeAlarms('page', pages), ...describeAlarms('ticket', tickets)];
  return judge({ name: 'fire', what: 'It burns', traffic: [5], changes: [], expected }, 5, histories);
}

const page = { call: 'page', within: 10 } as const;

describe('the verdict on an incident', () => {
  it.each<[string, Expectation, Calls, Calls]>([
    ['a page in time', page, { smoke: [10] }, {}],
    ['a page in time, and tickets', page, { smoke: [10] }, { budget: [1, 50, 99] }],
    ['a ticket in time', { call: 'ticket', within: 60 }, {}, { budget: [60] }],
    ['either in time', { call: 'page or ticket', within: 10 }, { smoke: [50] }, { budget: [9] }],
    ['as many pages as expected', { ...page, pages: 2 }, { smoke: [1], heat: [9] }, {}],
    ['the right runbook', { ...page, runbooks: ['heat-runbook', 'smoke-runbook'] }, { smoke: [1] }, {}],
    ['silence', { call: 'quiet' }, {}, {}],
    ['a ticket where that is right too', { call: 'quiet', orTicket: true }, {}, { budget: [1] }],
  ])('is right for %s', (_, expected, pages, tickets) => {
    expect(judgeCalls(expected, pages, tickets).wrong).toEqual([]);
  });

  it.each<[string, Expectation, Calls, Calls, readonly string[]]>([
    ['no page', page, {}, { budget: [1] }, ['no page']],
    ['a late page', page, { smoke: [11] }, {}, ['the page comes after 11 minutes']],
    ['too many pages', page, { smoke: [1], heat: [9] }, {}, ['2 pages']],
    ['a page that comes again', { ...page, pages: 2 }, { smoke: [1, 30] }, {}, ['1 repeated']],
    ['a ticket that comes again and again', page, { smoke: [1] }, { budget: [1, 2, 3, 4] }, ['1 repeated']],
    [
      'a page in place of a ticket',
      { call: 'ticket', within: 9 },
      { smoke: [1] },
      { budget: [1] },
      ['1 page'],
    ],
    [
      'another runbook',
      { ...page, runbooks: ['heat-runbook'] },
      { smoke: [1] },
      {},
      ['the runbook is smoke-runbook'],
    ],
    [
      'a ticket in place of silence',
      { call: 'quiet' },
      {},
      { budget: [1] },
      ['a ticket of budget, where no message is needed'],
    ],
    [
      'a page in place of silence',
      { call: 'quiet', orTicket: true },
      { smoke: [1] },
      {},
      ['a page of smoke, where no message is needed'],
    ],
    ['a call before the incident', page, { smoke: [0] }, {}, ['smoke called before anything had happened']],
  ])('is wrong for %s', (_, expected, pages, tickets, wrong) => {
    expect(judgeCalls(expected, pages, tickets).wrong).toEqual(wrong);
  });

  it('is another one where the incident expects something else for the traffic', () => {
    const verdict = judge(
      {
        name: 'fire',
        what: 'It burns',
        traffic: [5],
        changes: [],
        expected: page,
        expectedAt: { 5: { call: 'quiet' } },
      },
      5,
      [],
    );

    expect([verdict.expected, verdict.wrong]).toEqual(['quiet', []]);
  });
});

describe('the table of verdicts', () => {
  it('shows who called after how many minutes, with the runbook of the first who matters, and what is wrong', () => {
    const table = formatTable([
      judgeCalls(page, { smoke: [2, 30] }, { budget: [1] }),
      judgeCalls({ call: 'quiet' }, {}),
    ]);

    expect(table.split('\n')).toEqual([
      '       incident  per hour  expected        called after minutes                  runbook',
      'WRONG  fire      5         page within 10  budget 1, smoke! 2 and 1 times again  smoke-runbook',
      '       2 pages',
      '       1 repeated',
      'right  fire      5         quiet           -                                     -',
      '',
      '2 replays, 1 wrong',
    ]);
  });
});
