import { escapeHtml } from '../../lambdas/http/pages/page.ts';

export type View = 'desktop' | 'narrow';

/** A picture of a page. */
export interface Picture {
  readonly name: string;
  readonly language: string;
  readonly view: View;
  /** Relative to the folder. */
  readonly file: string;
  /** The title of the page. */
  readonly title: string;
}

const views: Readonly<Record<View, string>> = {
  desktop: 'Usual screen',
  narrow: '320 px wide',
};

const style = `body { font: 1rem/1.4 system-ui, sans-serif; margin: 1rem; background: #eee; }
section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start; }
figure { margin: 0; padding: 0.5rem; background: #fff; }
img { display: block; max-height: 45rem; max-width: 100%; border: 1px solid #999; }`;

/** Returns a page with all pictures, those of one page and language side by side. */
export function renderContactSheet(pictures: readonly Picture[]): string {
  const groups = Map.groupBy(pictures, ({ name, language }) => `${name} (${language})`);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Every page</title>
<style>${style}</style>
</head>
<body>
<h1>Every page</h1>
${[...groups].map(([heading, group]) => renderGroup(heading, group)).join('')}</body>
</html>
`;
}

function renderGroup(heading: string, pictures: readonly Picture[]): string {
  return `<h2>${escapeHtml(heading)}</h2>
<p>${escapeHtml(pictures[0]?.title ?? '')}</p>
<section>
${pictures.map(renderPicture).join('')}</section>
`;
}

function renderPicture({ file, view, name, language }: Picture): string {
  const alternative = escapeHtml(`${name} in ${language}: ${views[view]}`);
  return `<figure><a href="${escapeHtml(file)}"><img src="${escapeHtml(file)}" alt="${alternative}" loading="lazy"></a>
<figcaption>${views[view]}</figcaption></figure>
`;
}
