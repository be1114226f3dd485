import TestSequencer from '@jest/test-sequencer';

/** The longest files. Begun last, one of them would keep one core waiting. */
const first = [
  /\/test\/faults\//,
  /\/test\/e2e\//,
  /\/test\/(bin\/(one-login|screenshots\/screenshots)|local\/(bin\/doctor|start))\.test/,
  /\/test\/flow\//,
];

export default class LongestFirst extends TestSequencer {
  async sort(tests) {
    const rank = ({ path }) =>
      (first.findIndex((directory) => directory.test(path)) + first.length + 1) % (first.length + 1);
    return [...(await super.sort(tests))].sort((left, right) => rank(left) - rank(right));
  }
}
