import { createRandom, drawCount, drawTime, type Random } from './random.ts';

/** A step of a visit, at its time. */
export interface PlannedStep {
  readonly step: string;
  /** Since the beginning of the time line. */
  readonly minute: number;
}

/** What a user sets out to do. */
export interface PlannedVisit {
  /** The name of the recording. */
  readonly kind: string;
  /** From 0 up to 1, another one for each user: which of them a change concerns. */
  readonly lot: number;
  readonly steps: readonly PlannedStep[];
}

export interface Traffic {
  /** Sign-ins an hour by day. */
  readonly perHour: number;
  /** The hour of the day in the first minute. */
  readonly beginsAt: number;
  readonly seed: number;
}

/** Sign-ins in each hour of the day, as a share of those by day. */
const dayCurve = [
  0.1, 0.05, 0.03, 0.02, 0.02, 0.05, 0.15, 0.5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.8, 0.6, 0.4, 0.2,
];

/** A user who does not come back from One Login. */
const givesUp = 'gives-up';

/** The kinds of visits of a usual day, with their share. */
const mix = [
  ['sign-in', 0.76],
  ['identity', 0.08],
  ['identity-not-proved', 0.02],
  ['step-up', 0.02],
  ['reload-of-callback', 0.01],
  ['denied', 0.02],
  ['cookie-lost', 0.01],
  [givesUp, 0.08],
] as const;

/**
 * @param countTimes how many times as many visits as usual begin in a minute
 * @returns the visits that begin in the minutes, in their order
 */
export function planVisits(
  { perHour, beginsAt, seed }: Traffic,
  from: number,
  to: number,
  countTimes: (minute: number) => number,
): readonly PlannedVisit[] {
  const visits: PlannedVisit[] = [];
  for (let minute = from; minute < to; minute += 1) {
    // A generator for each minute, so that the visits are the same whenever the plan begins.
    const random = createRandom(seed, perHour, minute);
    const hour = Math.floor(beginsAt + minute / 60) % 24;
    const count = drawCount((perHour / 60) * (dayCurve[hour] ?? 0) * countTimes(minute), random);
    for (let visit = 0; visit < count; visit += 1) visits.push(planVisit(minute, random));
  }
  return visits;
}

function planVisit(start: number, random: Random): PlannedVisit {
  const kind = chooseKind(random());
  const lot = random();
  const steps: [string, number][] = [['start', start]];
  if (kind === givesUp) return { kind, lot, steps: [{ step: 'start', minute: start }] };
  const back = start + drawTime(kind.startsWith('identity') ? 12 : 2.5, 1, random);
  steps.push(['return', back], ['reload', back + 1]);
  for (let page = 0; page < 4; page += 1) {
    const minute = back + drawTime(2 + 3 * page, 1, random);
    steps.push(['userinfo', minute], ['api', minute], ['identity-api', minute]);
  }
  if (random() < 0.5) steps.push(['leave', back + drawTime(15, 1, random)]);
  // Signed out of another service.
  if (random() < 0.3) steps.push(['logout-token', back + drawTime(25, 1, random)]);
  return {
    kind,
    lot,
    steps: steps
      .map(([step, minute]) => ({ step, minute: Math.floor(minute) }))
      .sort((left, right) => left.minute - right.minute),
  };
}

function chooseKind(lot: number): string {
  let left = lot;
  for (const [kind, share] of mix) {
    left -= share;
    if (left < 0) return kind;
  }
  return mix[0][0];
}
