import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { FaultyBackend } from './faulty-backend.ts';
import type { Flow } from './flows.ts';
import { type CellResult, runMatrix } from './matrix.ts';
import { listFailures } from './table.ts';

/** Adds a test for each of the flows. Each file of tests has a part of them, so that both cores are used. */
export function testFlows(flows: readonly Flow[]): void {
  // The adapters give up calls that hang after their own time limits. Many cells wait at the same time.
  jest.setTimeout(300_000);

  let backend: FaultyBackend;
  let results: readonly CellResult[];
  beforeAll(async () => {
    backend = await FaultyBackend.start();
    results = await runMatrix(backend, flows);
  });
  afterAll(() => backend.close());

  // id: every-call-can-fail
  test.each(flows.map(({ name }) => name))(
    '%s ends well, whichever of its calls goes wrong in whatever way',
    (name) => {
      const ofFlow = results.filter(({ prepared }) => prepared.flow.name === name);
      expect(ofFlow.length).toBeGreaterThan(0);
      expect(listFailures(ofFlow)).toEqual([]);
    },
  );
}
