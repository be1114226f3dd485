// The CDK examines templates in `npm run synth` and `npm run check:template`. In tests, it takes most of the time.
process.env.CDK_VALIDATION = 'false';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // Some tests wait for servers that never answer: two cores have something to do meanwhile.
  maxWorkers: 2,
  // Modules of a file that has ended stay in memory: a worker that holds too many collects garbage most of the time.
  workerIdleMemoryLimit: '100MB',
  // How fast a machine is decides no test: this ends only what hangs.
  testTimeout: 60_000,
  testSequencer: '<rootDir>/test/sequencer.mjs',
  globalSetup: '<rootDir>/test/synthesis/start.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/typescript-transform.mjs' },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/dist'],
};
