// Run before anything else, and plain JavaScript: a Node that is too old can't read TypeScript at all.
import process from 'node:process';

const needed = 24;

/**
 * @param {string} version such as `process.versions.node`
 * @returns {string | undefined} one line with what to do, when this Node is too old
 */
export function nodeVersionProblem(version) {
  const major = Number(version.split('.')[0]);
  if (major >= needed) return undefined;
  return `Node ${version} is too old: this needs Node ${needed}, which "npm ci" installs as the package "node" when scripts are allowed. Run "npm ci" again without --ignore-scripts, and with nothing in npm's configuration that blocks the script of "node".`;
}

const problem = nodeVersionProblem(process.versions.node);
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}
