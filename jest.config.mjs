// The CDK examines templates in `npm run synth` and `npm run check:template`. In tests, it takes most of the time.
process.env.CDK_VALIDATION = 'false';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // Some tests wait for servers that never respond, or for a browser. Three keep two cores busy meanwhile.
  maxWorkers: 3,
  // The modules of a finished file stay in memory. A worker with too many spends its time on garbage collection.
  workerIdleMemoryLimit: '1GB',
  // The speed of a machine decides no test. This ends only tests that hang.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/sequencer.mjs',
  globalSetup: '<rootDir>/test/synthesis/start.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/typescript-transform.mjs' },
  // These need registries: `npm run test:package`, `npm run test:starters`.
  testPathIgnorePatterns: ['<rootDir>/test/package/', '<rootDir>/test/starters/'],
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
};
