import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 at level AA, and what axe-core's authors hold to be good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Has axe-core examine a page. It is evaluated by the debugger, not loaded by the page, so that the page's content
 * security policy stays in force.
 *
 * @returns a line for each element that breaks a rule, or which axe-core cannot decide
 */
export async function findAccessibilityViolations(page: Page): Promise<readonly string[]> {
  const options: axe.RunOptions = {
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations', 'incomplete'],
  };
  await page.evaluate(source);
  // The results have much more, which takes long to send.
  const { violations, incomplete } = await page.evaluate<Pick<axe.AxeResults, 'violations' | 'incomplete'>>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations, incomplete }) => ({ violations, incomplete }))`,
  );
  return [
    ...violations.flatMap(describeNodes),
    ...incomplete.flatMap(describeNodes).map((line) => `undecided: ${line}`),
  ];
}

function describeNodes({ id, help, nodes }: axe.Result): readonly string[] {
  return nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`);
}
