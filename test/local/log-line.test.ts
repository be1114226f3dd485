import { describe, expect, test } from '@jest/globals';
import { toJsonLine } from '../../local/log-line.ts';

describe('toJsonLine', () => {
  test('returns a line that is a JSON object', () => {
    expect(toJsonLine('{"level":"info"}')).toBe('{"level":"info"}');
  });

  test.each(['plain words', '3', 'null', '["a"]', '{"broken"', ''])(
    'returns an object with %p as its message',
    (line) => {
      expect(JSON.parse(toJsonLine(line))).toEqual({ message: line });
    },
  );
});
