import { describe, expect, it } from '@jest/globals';
import {
  type AlarmState,
  evaluatePoints,
  type MissingDataTreatment,
  treatments,
} from '../../../dev/game-day/cloudwatch/alarm-state.ts';

/** As in AWS's tables: 0 is within the threshold, X breaches it, - is missing. */
function readPoints(text: string): readonly (boolean | undefined)[] {
  return text.split(' ').map((point) => (point === '-' ? undefined : point === 'X'));
}

type Row = readonly [points: string, Record<MissingDataTreatment, AlarmState | 'kept'>];

const same = (state: AlarmState) => ({
  missing: state,
  ignore: state,
  breaching: state,
  notBreaching: state,
});

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
// and, for the rows that this page does not have any more, the edition of 2019.
const threeOfThree: readonly Row[] = [
  ['0 - X - X', same('OK')],
  ['- - - - 0', same('OK')],
  ['0 - - - -', same('OK')],
  ['- - - - -', { missing: 'INSUFFICIENT_DATA', ignore: 'kept', breaching: 'ALARM', notBreaching: 'OK' }],
  ['0 X X - X', same('ALARM')],
  ['- - X - -', { missing: 'ALARM', ignore: 'kept', breaching: 'ALARM', notBreaching: 'OK' }],
  ['- - - - X', { missing: 'INSUFFICIENT_DATA', ignore: 'kept', breaching: 'ALARM', notBreaching: 'OK' }],
  ['X - - - -', { missing: 'ALARM', ignore: 'kept', breaching: 'ALARM', notBreaching: 'OK' }],
];
const twoOfThree: readonly Row[] = [
  ['0 - X - X', same('ALARM')],
  ['0 0 X 0 X', same('ALARM')],
  ['0 - X - -', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['- - - - 0', { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['- - - X -', { missing: 'ALARM', ignore: 'kept', breaching: 'ALARM', notBreaching: 'OK' }],
  ['- - - - X', { missing: 'INSUFFICIENT_DATA', ignore: 'kept', breaching: 'ALARM', notBreaching: 'OK' }],
];

describe.each([
  [3, threeOfThree],
  [2, twoOfThree],
])('an alarm on %i of 3 data points', (datapointsToAlarm, rows) => {
  it.each(
    rows.flatMap(([points, states]) => treatments.map((each) => [points, each, states[each]] as const)),
  )(
    'is, with the data points %s and missing ones treated as %s, %s',
    (points, treatMissingData, expected) => {
      const rules = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData };

      for (const before of ['OK', 'ALARM'] as const) {
        const state = evaluatePoints(readPoints(points), rules, before);
        expect(state).toBe(expected === 'kept' ? before : expected);
      }
    },
  );

  it('counts the newest data points when none is missing', () => {
    const rules = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData: 'missing' } as const;

    expect(evaluatePoints(readPoints('X X 0 0 0'), rules, 'ALARM')).toBe('OK');
    expect(evaluatePoints(readPoints('0 0 X X X'), rules, 'OK')).toBe('ALARM');
  });
});
