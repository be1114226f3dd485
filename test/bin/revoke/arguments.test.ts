import { describe, expect, it } from '@jest/globals';
import { readArguments, UsageError } from '../../../bin/revoke/arguments.ts';

const config = ['--config', 'config/production.json'];

describe('readArguments', () => {
  it('reads the config and whose sessions to end', () => {
    expect(readArguments([...config, '--sub', 'urn:fdc:gov.uk:2022:a_b-c='])).toEqual({
      config: 'config/production.json',
      whose: { kind: 'user', sub: 'urn:fdc:gov.uk:2022:a_b-c=' },
      table: undefined,
      yes: false,
    });
    expect(readArguments([...config, '--all', '--yes', '--table=sessions'])).toEqual({
      config: 'config/production.json',
      whose: { kind: 'everybody' },
      table: 'sessions',
      yes: true,
    });
  });

  it.each([
    [[], '--config is missing'],
    [['--all'], '--config is missing'],
    [config, '--sub or --all is missing: whose sessions to end'],
    [[...config, '--all', '--sub', 'somebody'], '--sub and --all exclude each other'],
    [[...config, '--sub', 'somebody', '--sub', 'another'], '--sub is given more than once'],
    [[...config, '--sub', ''], '--sub has no value'],
    [
      [...config, '--sub', 'some body'],
      'the value of --sub contains spaces or other characters that a sub cannot have',
    ],
    [
      [...config, '--sub', 'somebody\n'],
      'the value of --sub contains spaces or other characters that a sub cannot have',
    ],
    [[...config, '--sub'], "Option '--sub <value>' argument missing"],
    [[...config, '--sub', '--all'], "Option '--sub' argument is ambiguous"],
    [[...config, '--everybody'], "Unknown option '--everybody'"],
    [[...config, '--all', 'somebody'], "Unexpected argument 'somebody'"],
  ])('refuses %j', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });
});
