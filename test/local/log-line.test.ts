import { describe, expect, test } from '@jest/globals';
import { toJsonLine } from '../../local/log-line.ts';

describe('a line on standard output', () => {
  test('is what the function wrote when that is a JSON object', () => {
    expect(toJsonLine('{"level":"info"}')).toBe('{"level":"info"}');
  });

  test.each(['plain words', '3', 'null', '["a"]', '{"broken"', ''])('is an object around %p', (line) => {
    expect(JSON.parse(toJsonLine(line))).toEqual({ message: line });
  });
});
