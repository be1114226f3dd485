/**
 * @param version such as `process.versions.node`
 * @returns one line with what to do, when this Node is too old
 */
export function nodeVersionProblem(version: string): string | undefined;
