import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalEnvironment, startLocalEnvironment } from '../../../local/environment.ts';
import { until } from '../../support/until.ts';

let environment: LocalEnvironment;
const shown: string[] = [];

beforeAll(async () => {
  environment = await startLocalEnvironment({ onLine: (line) => shown.push(line) });
});
afterAll(() => environment.close());

const isAudit = (line: string) => JSON.parse(line).event === 'audit';

test('what the functions write of the audit trail is collected by the function that is deployed for it', async () => {
  await fetch(`${environment.publicUrl}/callback?error=access_denied&state=unknown`);
  const [written] = environment.logs.filter(({ line }) => isAudit(line));
  await until('the line was collected', () => environment.auditTrail.length > 0);

  expect(written?.functionId).toBe(environment.functionId('callback'));
  expect(environment.auditTrail.map(({ functionId, line }) => [functionId, JSON.parse(line)])).toEqual([
    [
      environment.functionId('collect-audit'),
      { ...JSON.parse(written?.line ?? ''), event_id: expect.any(String) },
    ],
  ]);
});

test('whoever runs it sees each line once', () => {
  expect(shown.filter(isAudit)).toEqual(
    environment.logs.map(({ line }) => line).filter((line) => isAudit(line)),
  );
  expect(shown.filter(isAudit)).toHaveLength(1);
});
