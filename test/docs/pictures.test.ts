import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { synthesiseTemplate } from '../../bin/synthesise-template.ts';
import type { Resources } from '../../dev/game-day/cloudwatch/read-alarms.ts';
import { renderDrawings } from '../../dev/pictures/drawings.ts';
import { picturesDirectory, screenshots } from '../../dev/pictures/picture-files.ts';
import { textSize } from '../../dev/pictures/svg.ts';
import { measureText } from '../../dev/pictures/text-width.ts';
import { readFunctionName } from '../../lib/functions/function-name.ts';
import { loadLocalConfig } from '../../local/local-config.ts';

const drawings = renderDrawings();

interface DrawnText {
  readonly content: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly size: number;
}

function listTexts(svg: string): readonly DrawnText[] {
  return [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"([^>]*)>([^<]*)<\/text>/g)].map(
    ([, x = '', y = '', attributes = '', content = '']) => {
      const size = Number(/font-size="(\d+)"/.exec(attributes)?.[1] ?? textSize);
      const width = measureText(content.replaceAll('&lt;', '<').replaceAll('&amp;', '&'), size);
      const anchor = /text-anchor="(\w+)"/.exec(attributes)?.[1];
      const left = Number(x) - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
      const bottom = Number(y);
      return { content, left, right: left + width, top: bottom - size * 0.75, bottom, size };
    },
  );
}

const overlap = (one: DrawnText, other: DrawnText) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

describe.each(drawings)('the picture $file', ({ file, svg }) => {
  it('is what `npm run pictures` draws', () => {
    expect(readFileSync(join(picturesDirectory, file), 'utf8')).toBe(svg);
  });

  it('is small, has a title, a description and its own background, and no script', () => {
    expect(svg.length).toBeLessThan(20_000);
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*>\n<title>[^<]+<\/title>\n<desc>[^<]+<\/desc>\n<rect /);
    expect(svg).not.toMatch(/<script|<style|href|\son\w+=/);
  });

  it('has text that is large enough, inside the picture and not over other text', () => {
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
    const texts = listTexts(svg);
    expect(texts.length).toBe(svg.split('<text').length - 1);
    expect(texts.filter(({ size }) => size < 14)).toEqual([]);
    expect(
      texts.filter(
        ({ left, right, bottom }) => left < 0 || right > Number(width) || bottom > Number(height) - 4,
      ),
    ).toEqual([]);
    const overlapping = texts.flatMap((one, index) =>
      texts
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => [one.content, other.content]),
    );
    expect(overlapping).toEqual([]);
  });
});

describe('the picture of the parts', () => {
  it('names every function and table of a deployment', () => {
    const config = { ...loadLocalConfig(), canary: true };
    const { Resources: resources } = synthesiseTemplate<{ readonly Resources: Resources }>(config);
    const functions = Object.values(resources).flatMap((resource) => readFunctionName(resource) ?? []);
    const tables = Object.entries(resources).flatMap(([id, { Type }]) =>
      Type === 'AWS::DynamoDB::Table' ? id.replace(/^Tables|[0-9A-F]{8}$/g, '') : [],
    );
    const drawn = listTexts(drawings.find(({ file }) => file === 'parts.svg')?.svg ?? '');
    const names = new Set(drawn.map(({ content }) => content));
    // Authorizers have the name of their level.
    const expected = [...functions.map((name) => name.replace(/^Cl.*/, 'authorizer')), ...tables];
    expect(expected.length).toBeGreaterThan(12);
    expect(expected.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('the pictures of pages', () => {
  it.each(screenshots)('are small: %s', (file) => {
    expect(statSync(join(picturesDirectory, file)).size).toBeLessThan(40_000);
  });
});

describe('the documents', () => {
  const images = globSync(['*.md', 'docs/**/*.md']).flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(
      ([, alternative = '', target = '']) => ({ page, alternative, file: basename(target) }),
    ),
  );

  it('show every picture, and no picture is left that nobody makes', () => {
    const made = [...drawings.map(({ file }) => file), ...screenshots].sort();
    expect(readdirSync(picturesDirectory).sort()).toEqual(made);
    const shown = new Set(images.map(({ file }) => file));
    expect(made.filter((file) => !shown.has(file))).toEqual([]);
  });

  it('have a text alternative for each picture', () => {
    expect(images.filter(({ alternative }) => alternative.trim().length < 10)).toEqual([]);
  });
});
