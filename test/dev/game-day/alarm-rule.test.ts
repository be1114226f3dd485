import { describe, expect, it } from '@jest/globals';
import { parseAlarmRule } from '../../../dev/game-day/cloudwatch/alarm-rule.ts';
import type { AlarmState } from '../../../dev/game-day/cloudwatch/alarm-state.ts';

const states: Readonly<Record<string, AlarmState>> = { on: 'ALARM', off: 'OK', none: 'INSUFFICIENT_DATA' };

function evaluate(text: string): boolean {
  return parseAlarmRule(text).evaluate((alarm) => states[alarm] ?? 'OK');
}

describe('the rule of a composite alarm', () => {
  it.each([
    ['ALARM("on")', true],
    ['ALARM(off)', false],
    ['OK("off")', true],
    ['INSUFFICIENT_DATA("none")', true],
    ['(ALARM("off") OR ALARM("on"))', true],
    ['ALARM("off") OR ALARM("on") AND ALARM("off")', false],
    ['(ALARM("on") OR ALARM("on")) AND ALARM("off")', false],
    ['(ALARM("on") AND (NOT (ALARM("off"))))', true],
    ['NOT ALARM("off") AND ALARM("off")', false],
    ['TRUE AND NOT FALSE', true],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected);
  });

  it('lists the alarms that it reads', () => {
    expect(parseAlarmRule('ALARM("b") AND NOT (OK("a") OR ALARM("b"))').alarms).toEqual(['b', 'a']);
  });

  it.each([
    ['ALARM("on"', 'expected ), found the end'],
    ['ALARM("on") ALARM("off")', 'unexpected ALARM'],
    ['BROKEN("on")', 'unexpected BROKEN'],
    ['', 'expected more, found the end'],
  ])('%s is refused', (text, message) => {
    expect(() => parseAlarmRule(text)).toThrow(`alarm rule: ${message}`);
  });
});
