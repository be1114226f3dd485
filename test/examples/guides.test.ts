import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { authorizerClaims, describeUser } from '../../lambdas/authorizer/context.ts';
import type { DenialReason } from '../../lambdas/authorizer/denials.ts';
import { payload } from '../lambdas/authorizer/support.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8');
/** The code in their comments counts as code. */
const examples = globSync('{examples,lambdas/example-service}/**/*.{js,ts,py,yaml}', { cwd: root }).map(
  (path) => read(path).replaceAll(/^ \* {5}/gm, ''),
);
const authorizerGuide = read('docs/authorizer.md');

describe.each(['docs/authorizer.md', 'docs/using-userinfo.md', 'docs/behind-cloudfront.md'])('%s', (path) => {
  const kinds = path === 'docs/using-userinfo.md' ? 'js|py|ts' : 'py|ts|yaml';
  const blocks = [...read(path).matchAll(new RegExp(`^\`\`\`(${kinds})\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, , block]) => block,
  );

  test('quotes tested examples to the letter', () => {
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) {
      expect([block, examples.some((example) => example.includes(String(block)))]).toEqual([block, true]);
    }
  });
});

describe('docs/authorizer.md', () => {
  test('explains every key of the context', () => {
    const { context } = describeUser(payload, authorizerClaims);

    const [, section = ''] = /^## Use what it passes on$(.*?)^###/ms.exec(authorizerGuide) ?? [];
    expect(Object.keys(context).filter((key) => !section.includes(`\`${key}\``))).toEqual([]);
  });

  test('explains every denial', () => {
    const reasons: Readonly<Record<DenialReason | 'login_required', true>> = {
      login_required: true,
      insufficient_authentication: true,
      insufficient_identity: true,
      cross_site_request: true,
      header_not_allowed: true,
      path_not_allowed: true,
    };

    for (const reason of Object.keys(reasons))
      expect(authorizerGuide).toMatch(new RegExp(`^- \\d{3} \`${reason}\`: `, 'm'));
  });
});
