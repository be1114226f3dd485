import { createHash } from 'node:crypto';
import type { Answer } from '../server/message.ts';
import { Html, html } from './html.ts';

/** Plain on purpose: nobody shall take these pages for GOV.UK's. */
const style = `
:root { color-scheme: light; }
body { margin: 0; font: 1.125rem/1.5 system-ui, sans-serif; color: #1d1d1f; background: #fff; }
header { background: #5b2a86; color: #fff; padding: 0.75rem 1rem; font-weight: 700; }
main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; }
fieldset { margin: 0 0 1.5rem; padding: 1rem; border: 1px solid #6e6e73; }
legend { font-weight: 700; padding: 0 0.5rem; }
button { display: block; width: 100%; margin: 0 0 0.5rem; padding: 0.5rem 0.75rem; font: inherit; text-align: left;
  color: #1d1d1f; background: #f1eaf7; border: 1px solid #5b2a86; cursor: pointer; overflow-wrap: anywhere; }
button:hover { background: #e0d1ee; }
a { color: #4a1f73; }
:focus-visible { outline: 3px solid #0b5fff; outline-offset: 2px; }
label { display: block; padding: 0.15rem 0; }
dt { font-weight: 700; }
dd { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
`;

const styleHash = createHash('sha256').update(style).digest('base64');

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** A whole page of the stand-in. */
export function pageAnswer(status: number, title: string, content: Html): Answer {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – One Login stand-in</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<header>This is not GOV.UK One Login. It is a stand-in for developing and testing.</header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  return { status, headers, body: page.markup };
}
