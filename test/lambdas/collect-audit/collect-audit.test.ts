import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CloudWatchLogsEvent } from 'aws-lambda';
import { createCollectAuditHandler } from '../../../lambdas/collect-audit/handler.ts';
import { type AuditEvent, derivePseudonym } from '../../../lambdas/core/audit.ts';
import { createLogger } from '../../../lambdas/telemetry/logger.ts';

const user = derivePseudonym('client', 'somebody');
const requestId = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';

/** The lines in the logs of the functions. */
let logged: string[];
/** The lines in the audit trail. */
let written: string[];
const source = createLogger({ deployment: 'licences', write: (line) => logged.push(line) });
const handler = createCollectAuditHandler({
  write: (line) => written.push(line),
  logger: createLogger({ deployment: 'licences', write: (line) => written.push(line) }),
});

beforeEach(() => {
  logged = [];
  written = [];
});

/** A batch as CloudWatch sends it; the lines' ids count from 1. */
function buildBatch(lines: readonly string[], messageType = 'DATA_MESSAGE'): CloudWatchLogsEvent {
  const logEvents = lines.map((message, index) => ({ id: `3720${index + 1}`, timestamp: 1000, message }));
  return encode(JSON.stringify({ messageType, logEvents }));
}

function encode(text: string): CloudWatchLogsEvent {
  return { awslogs: { data: gzipSync(text).toString('base64') } };
}

const parseWritten = (): Record<string, unknown>[] => written.map((line) => JSON.parse(line));
const parseLines = () => parseWritten().filter((line) => !('_aws' in line));

describe('the audit trail', () => {
  test.each<AuditEvent>([
    { action: 'signed_in', user },
    { action: 'reauthenticated', user },
    { action: 'identity_checked', outcome: 'proved', confidence: 'P2', user },
    { action: 'identity_checked', outcome: 'not_proved', user },
    { action: 'signed_out', user },
    { action: 'sessions_revoked', sessions: 3, user },
    { action: 'sessions_revoked_by_operator', sessions: 0, user },
    { action: 'sessions_revoked_by_operator', sessions: 5000 },
    { action: 'refused', code: 'attempt_expired' },
  ])('contains every field of %j and no other', async (event) => {
    source.audit(event, requestId);
    const line = JSON.parse(logged[0] ?? '');
    const others = { sub: 'secret', email: 'secret', ...(event.action === 'refused' ? { user } : {}) };
    await handler(buildBatch([JSON.stringify({ ...line, ...others })]));

    expect(parseLines()).toEqual([{ ...line, event_id: '37201' }]);
    expect(parseLines()[0]).toMatchObject({ event: 'audit', deployment: 'licences', ...event });
  });

  test('contains all lines of a batch in their order, and the same lines when the batch comes twice', async () => {
    source.audit({ action: 'signed_in', user }, requestId);
    source.audit({ action: 'signed_out', user }, requestId);
    await handler(buildBatch(logged));
    await handler(buildBatch(logged));

    expect(parseLines().map(({ action, event_id }) => [action, event_id])).toEqual([
      ['signed_in', '37201'],
      ['signed_out', '37202'],
      ['signed_in', '37201'],
      ['signed_out', '37202'],
    ]);
    expect(written.slice(2)).toEqual(written.slice(0, 2));
  });

  test.each([
    'answered in 3 ms, {"event":"audit"}',
    '{"event":"answered"}',
    '{"action":"signed_in"}',
    '"audit"',
    'null',
  ])('does not contain the line %s', async (line) => {
    await handler(buildBatch([line]));

    expect(written).toEqual([]);
  });

  test("does not contain CloudWatch's own messages", async () => {
    source.audit({ action: 'signed_in', user }, requestId);
    await handler(buildBatch(logged, 'CONTROL_MESSAGE'));

    expect(written).toEqual([]);
  });
});

describe('a malformed audit line', () => {
  test.each([
    ['action', 'toString'],
    ['action', undefined],
    ['user', 'urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw='],
    ['user', { sub: 'secret' }],
    ['at', 'yesterday'],
    ['deployment', 'Licences for all'],
    ['request_id', 'a b'],
  ])('is refused with the name of its field, without the value: %s %j', async (field, value) => {
    source.audit({ action: 'signed_in', user }, requestId);
    const [good = ''] = logged;
    await handler(buildBatch([JSON.stringify({ ...JSON.parse(good), [field]: value }), good]));

    expect(parseLines()).toEqual([
      {
        level: 'error',
        event: 'audit_line_refused',
        message: `the field "${field}" of an audit line is malformed`,
      },
      { ...JSON.parse(good), event_id: '37202' },
    ]);
  });

  // id: audit-lines-validated
  test.each([
    [{ action: 'sessions_revoked', sessions: -1, user }, 'sessions'],
    [{ action: 'sessions_revoked', sessions: '1', user }, 'sessions'],
    [{ action: 'identity_checked', outcome: 'perhaps', user }, 'outcome'],
    [{ action: 'identity_checked', outcome: 'proved', confidence: 'P9', user }, 'confidence'],
    [{ action: 'refused', code: 'Error: somebody@example.com' }, 'code'],
  ])('is refused for each field of its action: %j', async (event, field) => {
    await handler(buildBatch([JSON.stringify({ event: 'audit', ...event })]));

    expect(parseLines()).toEqual([
      expect.objectContaining({ message: expect.stringContaining(`"${field}"`) }),
    ]);
  });

  test('is counted', async () => {
    await handler(buildBatch(['{"event":"audit"}', '{"event":"other"}', '{"event":"audit"}']));

    expect(parseWritten().flatMap(({ audit_lines_refused: refused }) => refused ?? [])).toEqual([1, 1]);
  });
});

describe('an event that is not a batch', () => {
  test.each([
    ['not compressed', { awslogs: { data: 'secret' } }],
    ['not JSON', encode('secret')],
    ['larger than 32 MiB, unpacked', encode(' '.repeat(33_554_432) + JSON.stringify({ logEvents: [] }))],
  ])('fails without being quoted when it is %s', async (_, event) => {
    await expect(handler(event)).rejects.toThrow(
      /^the event is not a batch of lines as CloudWatch Logs sends it$/,
    );
  });
});
