import { describe, expect, test } from '@jest/globals';
import type { GatewayPageName } from '../../../lib/pages/page-texts.ts';
import { type GatewayPageOptions, renderGatewayPage } from '../../../lib/pages/render-gateway-page.ts';
import type { PageConfig } from '../../../lib/pages/service-presentation.ts';
import { actionsOf, linkOf } from '../../support/html.ts';

const config: PageConfig = {
  serviceName: 'Win $5 #now, it\'s "<free>" \\o/ $context.identity.caller',
  defaultPage: '/home?a=$context.identity.caller&b#top',
  contact: { name: 'Test team', email: 'help@service.example' },
  footerLinks: [{ text: '$stageVariables.x', url: '/x' }],
  pageTexts: {},
};
const names: readonly GatewayPageName[] = [
  'page-not-found',
  'too-many-requests',
  'request-refused',
  'unavailable',
];

function render(name: GatewayPageName, options: Partial<GatewayPageOptions> = {}): string {
  return renderGatewayPage(config, name, {
    publicUrl: 'https://service.example/auth',
    isError: true,
    leadsTo: 'service',
    ...options,
  });
}

describe.each(names)('the page %s of API Gateway', (name) => {
  const html = render(name);

  test('has nothing in it that API Gateway would replace, but the number of the request', () => {
    expect(html.replaceAll('$context.requestId', '')).not.toMatch(/[$#]/);
    expect(html).toContain('Win &dollar;5 &num;now');
    expect(html).toContain('href="/home?a=&dollar;context.identity.caller&amp;b&num;top"');
    expect(html).not.toContain('<free>');
    expect(html).not.toMatch(/[\uE000-\uF8FF]/);
  });

  test('is in English with one heading, and in Welsh below, where its language switch leads', () => {
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(html).toContain('<html lang="en"');
    expect(html).toContain('<title>Error: ');
    expect(linkOf(html.replaceAll('&num;', '#'), 'Cymraeg')).toBe('#cymraeg');
    expect(html).toMatch(/<section lang="cy" id="cymraeg"/);
    expect(html).toContain('Cyfeirnod: <span class="govuk-!-text-break-word">$context.requestId</span>');
  });

  test('has one action and one contact in each language', () => {
    const actions = actionsOf(html);

    expect(actions).toHaveLength(4);
    expect([actions[1], actions[3]]).toEqual(['help@service.example', 'help@service.example']);
  });

  test('runs nothing, and loads our own files by their whole address', () => {
    expect(html).not.toMatch(/<script|<!--|data-module|\sstyle=/);
    expect(html).toContain(
      "content=\"default-src 'none'; style-src https://service.example/auth/assets/; font-src https://service.example/auth/assets/; img-src https://service.example/auth/assets/; base-uri 'none'; form-action 'none'\"",
    );
  });
});

test('a page of API Gateway lets run what it is given and nothing else', () => {
  const script = { text: "alert('$x')", hash: 'the-hash', reads: { 'data-method': '$context.httpMethod' } };
  const html = render('sign-in-needed', { isError: false, script });

  expect(html).toContain("script-src 'sha256-the-hash'");
  expect(html).toContain("<script>alert('$x')</script>");
  expect(html).toContain(' data-method="$context.httpMethod"');
  expect(html).not.toContain('$context.requestId');
  expect(html).not.toContain('Error: ');
});

test('a page of API Gateway says what the config has in place of its text, and the rest as before', () => {
  const changed = {
    en: { title: 'Nothing is here, says {serviceName}', text: ['Costs $5 & more.'] },
    cy: { action: 'Dechrau eto' },
  };
  const html = renderGatewayPage({ ...config, pageTexts: { 'page-not-found': changed } }, 'page-not-found', {
    publicUrl: 'https://service.example/auth',
    isError: true,
    leadsTo: 'service',
  });

  expect(html).toContain('<title>Error: Nothing is here, says Win &dollar;5');
  expect(html).toMatch(/<h1[^>]*>Nothing is here, says Win &dollar;5/);
  expect(html).toContain('Costs &dollar;5 &amp; more.');
  expect(html).toContain('Go to Win &dollar;5');
  expect(html).toContain('Ni allwn ddod o hyd i’r dudalen');
  expect(actionsOf(html).at(-2)).toBe('Dechrau eto');
});
