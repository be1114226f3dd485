/**
 * Rules of composite alarms.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
import type { AlarmState } from './alarm-state.ts';

export interface AlarmRule {
  /** The alarms that it reads. */
  readonly alarms: readonly string[];
  evaluate(read: (alarm: string) => AlarmState): boolean;
}

type Evaluate = AlarmRule['evaluate'];

/** @throws Error for a rule that CloudWatch would refuse */
export function parseAlarmRule(text: string): AlarmRule {
  const tokens = text.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
  const alarms = new Set<string>();
  let at = 0;
  const take = (expected?: string): string => {
    const token = tokens[at];
    at += 1;
    if (token !== undefined && (expected === undefined || token === expected)) return token;
    throw new Error(`alarm rule: expected ${expected ?? 'more'}, found ${token ?? 'the end'} in ${text}`);
  };

  function parseAny(): Evaluate {
    const parts = [parseAll()];
    while (tokens[at] === 'OR') {
      at += 1;
      parts.push(parseAll());
    }
    return (read) => parts.some((part) => part(read));
  }

  function parseAll(): Evaluate {
    const parts = [parseOne()];
    while (tokens[at] === 'AND') {
      at += 1;
      parts.push(parseOne());
    }
    return (read) => parts.every((part) => part(read));
  }

  function parseOne(): Evaluate {
    const token = take();
    switch (token) {
      case 'NOT': {
        const negated = parseOne();
        return (read) => !negated(read);
      }
      case '(': {
        const inner = parseAny();
        take(')');
        return inner;
      }
      case 'TRUE':
      case 'FALSE':
        return () => token === 'TRUE';
      case 'ALARM':
      case 'OK':
      case 'INSUFFICIENT_DATA': {
        take('(');
        const alarm = take().replaceAll('"', '');
        take(')');
        alarms.add(alarm);
        return (read) => read(alarm) === token;
      }
      default:
        throw new Error(`alarm rule: unexpected ${token} in ${text}`);
    }
  }

  const evaluate = parseAny();
  if (at < tokens.length) throw new Error(`alarm rule: unexpected ${tokens[at]} in ${text}`);
  return { alarms: [...alarms], evaluate };
}
