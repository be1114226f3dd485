import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();

/** Reads a page without code, where brackets mean something else. */
const readText = (path: string) =>
  readFileSync(join(root, path), 'utf8')
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()#]/g, ''));

/** Lists the anchors that GitHub makes for headings. */
const listAnchors = (path: string): readonly string[] =>
  [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

const listLinks = (path: string): readonly string[] =>
  [...readText(path).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

it.each(pages)('%s links to existing files and headings', (page) => {
  const broken = listLinks(page).filter((target) => {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page : relative(root, join(root, dirname(page), file));
    if (!existsSync(join(root, path))) return true;
    return anchor !== undefined && !listAnchors(path).includes(anchor);
  });
  expect(broken).toEqual([]);
});

describe('the documents', () => {
  it('can all be reached from the README', () => {
    const reached = new Set<string>();
    const visit = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      for (const target of listLinks(page)) {
        const [file = ''] = target.split('#');
        if (file === '') continue;
        const path = relative(root, join(root, dirname(page), file));
        const inside = existsSync(join(root, path)) && pages.includes(path);
        if (inside) visit(path);
        // A link to a folder leads to all that lies in it.
        else
          for (const each of pages.filter((other) => dirname(other) === path.replace(/\/$/, ''))) visit(each);
      }
    };
    visit('README.md');
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });
});
