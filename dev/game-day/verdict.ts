import type { AlarmHistory } from './cloudwatch/run-alarms.ts';
import type { Expectation, Incident } from './incident.ts';
import { beginning } from './replay.ts';

/** A message to the person on call or the team. */
export interface Call {
  readonly alarm: string;
  readonly kind: 'page' | 'ticket';
  /** After the incident began. Negative for an alarm that started before. */
  readonly minute: number;
  readonly runbook: string | undefined;
}

/** A row of the table. */
export interface Verdict {
  readonly incident: string;
  readonly what: string;
  readonly perHour: number;
  readonly expected: string;
  /** In the order of time. */
  readonly calls: readonly Call[];
  /** How often an alarm called again: one that pages, or one with more than three tickets. */
  readonly flaps: number;
  /** What is wrong, empty if all is right. */
  readonly wrong: readonly string[];
}

export function judge(
  { name, what, expected, expectedAt }: Incident,
  perHour: number,
  histories: readonly AlarmHistory[],
): Verdict {
  const wanted = expectedAt?.[perHour] ?? expected;
  const calls = listCalls(histories);
  const flaps = countFlaps(calls);
  return {
    incident: name,
    what,
    perHour,
    expected: describeExpectation(wanted),
    calls,
    flaps,
    wrong: listWrongs(wanted, calls, flaps),
  };
}

/** Three tickets on the next working day disturb less than a page that comes again. */
const mostTickets = 3;

function countFlaps(calls: readonly Call[]): number {
  return [...Map.groupBy(calls, ({ alarm }) => alarm).values()].reduce((flaps, own) => {
    const most = own[0]?.kind === 'page' ? 1 : mostTickets;
    return flaps + Math.max(0, own.length - most);
  }, 0);
}

function listCalls(histories: readonly AlarmHistory[]): readonly Call[] {
  return histories
    .flatMap(({ alarm, calls }) =>
      calls.map((minute): Call => {
        if (alarm.calls === undefined) throw new Error(`${alarm.name} sends no messages`);
        // What happens in the first minute is known when it is over.
        return {
          alarm: alarm.name,
          kind: alarm.calls,
          minute: minute - beginning + 1,
          runbook: alarm.runbook,
        };
      }),
    )
    .toSorted((left, right) => left.minute - right.minute);
}

function listWrongs(wanted: Expectation, calls: readonly Call[], flaps: number): readonly string[] {
  const early = calls.filter(({ minute }) => minute <= 0);
  if (early.length > 0) return [`${early[0]?.alarm} called before anything had happened`];
  const pages = calls.filter(({ kind }) => kind === 'page');
  if (wanted.call === 'quiet') {
    const wrong = wanted.orTicket === true ? pages : calls;
    return wrong.slice(0, 1).map(({ alarm, kind }) => `a ${kind} of ${alarm}, where no message is needed`);
  }
  const fitting = wanted.call === 'page or ticket' ? calls : calls.filter(({ kind }) => kind === wanted.call);
  const [first] = fitting;
  if (first === undefined) return [`no ${wanted.call}`];
  const mostPages = wanted.call === 'ticket' ? 0 : (wanted.pages ?? 1);
  return [
    ...(first.minute > wanted.within ? [`the ${first.kind} comes after ${first.minute} minutes`] : []),
    ...(pages.length > mostPages ? [`${pages.length} ${pages.length === 1 ? 'page' : 'pages'}`] : []),
    ...(flaps > 0 ? [`${flaps} repeated`] : []),
    ...(wanted.runbooks?.includes(first.runbook ?? '') === false ? [`the runbook is ${first.runbook}`] : []),
  ];
}

function describeExpectation(wanted: Expectation): string {
  if (wanted.call === 'quiet') return wanted.orTicket === true ? 'quiet or ticket' : 'quiet';
  return `${wanted.call} within ${wanted.within}`;
}
