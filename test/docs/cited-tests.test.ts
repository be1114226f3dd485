import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { citationsIn, listTestIds } from '../support/cited-tests.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();
const ids = listTestIds();

describe('the ids of tests', () => {
  it('each belong to one test', () => {
    const names = ids.map(({ id }) => id);
    expect(names.filter((id, index) => names.indexOf(id) !== index)).toEqual([]);
  });

  it('are two to five words in lower case, directly above a test', () => {
    const words = /^[a-z\d]+(?:-[a-z\d]+){1,4}$/;
    expect(ids.filter(({ id, namesTest }) => !words.test(id) || !namesTest)).toEqual([]);
  });
});

it.each(pages)('%s cites only tests whose id is in the linked file', (page) => {
  const wrong = citationsIn(readFileSync(join(root, page), 'utf8')).filter(({ id, path }) => {
    const file = relative(root, join(root, dirname(page), path));
    return !ids.some((test) => test.id === id && test.file === file);
  });
  expect(wrong).toEqual([]);
});
