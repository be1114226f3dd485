import { describe, expect, jest, test } from '@jest/globals';
import { createLogger, type LogFields, writeLine } from '../../../lambdas/telemetry/logger.ts';

const lines: string[] = [];
const logger = createLogger({ deployment: 'test', write: (line) => lines.push(line), now: () => 1234 });
const lastLine = () => JSON.parse(lines.at(-1) ?? '');

describe('the log', () => {
  test('leaves out every field that is not on its list', () => {
    const fields = { code: 'x', id_token: 'secret', claims: { email: 'secret' } } as LogFields;
    logger.log('info', 'test', fields);
    expect(lastLine()).toEqual({ level: 'info', event: 'test', code: 'x' });
  });

  test('carries metrics in the format that CloudWatch reads, by deployment and by dimension', () => {
    logger.metric('refused', 1, { code: 'attempt_expired' });
    expect(lastLine()).toEqual({
      _aws: {
        Timestamp: 1234,
        CloudWatchMetrics: [
          {
            Namespace: 'OneLogin',
            Dimensions: [['deployment'], ['deployment', 'code']],
            Metrics: [{ Name: 'refused', Unit: 'Count' }],
          },
        ],
      },
      deployment: 'test',
      code: 'attempt_expired',
      refused: 1,
    });
  });

  test('goes to standard output as it is: Lambda puts more than JSON into what goes through the console', () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    const viaConsole = jest.spyOn(console, 'log').mockReturnValue(undefined);
    createLogger({ deployment: 'test' }).log('info', 'test');
    writeLine('{}');
    const calls = [written.mock.calls, viaConsole.mock.calls];
    written.mockRestore();
    viaConsole.mockRestore();
    expect(calls).toEqual([[['{"level":"info","event":"test"}\n'], ['{}\n']], []]);
  });
});
