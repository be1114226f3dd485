import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { FaultyBackend } from './faulty-backend.ts';
import { flows } from './flows.ts';
import { type CellResult, runMatrix } from './matrix.ts';
import { listFailures } from './table.ts';

// The calls that hang are given up by the adapters' own limits of time: many cells wait at once.
jest.setTimeout(300_000);

let backend: FaultyBackend;
let results: readonly CellResult[];
beforeAll(async () => {
  backend = await FaultyBackend.start();
  results = await runMatrix(backend, flows);
});
afterAll(() => backend.close());

test.each(flows.map(({ name }) => name))(
  '%s ends well, whichever of its calls goes wrong in whatever way',
  (name) => {
    const ofFlow = results.filter(({ prepared }) => prepared.flow.name === name);
    expect(ofFlow.length).toBeGreaterThan(0);
    expect(listFailures(ofFlow)).toEqual([]);
  },
);
