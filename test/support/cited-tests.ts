import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A test that a document cites: `[id](path of its file)`. */
export interface Citation {
  readonly id: string;
  /** From the document's folder. */
  readonly path: string;
}

/** A comment `// id: …`, which names the test below it. */
export interface TestId {
  readonly id: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Whether the next line begins a test or a group of tests. */
  readonly namesTest: boolean;
}

/** Lists the tests that a document cites. A link whose text is a file name is none of them. */
export function citationsIn(markdown: string): readonly Citation[] {
  return [...markdown.matchAll(/\[([^\]]+)\]\(((?:[^)]*\/)?test\/[^)]+\.ts)\)/g)]
    .map(([, id = '', path = '']) => ({ id, path }))
    .filter(({ id }) => !id.endsWith('.ts'));
}

/** Lists the ids of all tests in the repository. */
export function listTestIds(): readonly TestId[] {
  return globSync('test/**/*.ts', { cwd: root }).flatMap((file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      const id = /^ *\/\/ id: (.*)$/.exec(line)?.[1];
      if (id === undefined) return [];
      return [{ id, file, namesTest: /^ *(?:it|test|describe)\b/.test(lines[index + 1] ?? '') }];
    });
  });
}
