// Run before anything else, and plain JavaScript: a Node that is too old can't read TypeScript at all.
import process from 'node:process';

const needed = 24;
const [major] = process.versions.node.split('.');

if (Number(major) < needed) {
  console.error(
    `Node ${process.versions.node} is too old: this needs Node ${needed}, which comes as the npm package "node" once its install script may run. Run "npm ci" again with scripts allowed (no --ignore-scripts; npm's "allow-scripts" setting must not block "node").`,
  );
  process.exitCode = 1;
}
