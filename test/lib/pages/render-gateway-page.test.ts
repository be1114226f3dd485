import { describe, expect, test } from '@jest/globals';
import { buttonScript, buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { type GatewayPageOptions, renderGatewayPage } from '../../../lib/pages/render-gateway-page.ts';
import type { PageConfig } from '../../../lib/pages/service-presentation.ts';
import type { GatewayPageName } from '../../../lib/pages/texts/text-types.ts';
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
    contact: 'usual',
    leadsTo: 'service',
    ...options,
  });
}

describe.each(names)('the page %s of API Gateway', (name) => {
  const html = render(name);

  test('has nothing in it that API Gateway would replace: a request id would be shown as its caller has chosen it', () => {
    expect(html).not.toMatch(/[$#]/);
    expect(html).toContain('Win &dollar;5 &num;now');
    expect(html).toContain('href="/home?a=&dollar;context.identity.caller&amp;b&num;top"');
    expect(html).not.toContain('<free>');
    expect(html).not.toMatch(/[\uE000-\uF8FF]/);
  });

  test('is in English with one heading, and in Welsh below, where its language switch leads', () => {
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(html).toContain('<html lang="en"');
    expect(linkOf(html.replaceAll('&num;', '#'), 'Cymraeg')).toBe('#cymraeg');
    expect(html).toMatch(/<section lang="cy" id="cymraeg"/);
  });

  test('says in each language who helps', () => {
    const contacts = actionsOf(html).filter((text) => text.includes('@'));

    expect(contacts).toEqual(['help@service.example', 'help@service.example']);
    expect(html).toContain('Contact the Test team if you need to speak to someone about the service.');
    expect(html).toContain('Cysylltwch â’r Test team os oes angen i chi siarad â rhywun am y gwasanaeth.');
  });

  test('runs nothing but the script of the buttons, and loads our own files by their whole address', () => {
    expect(html.replace(`<script>${buttonScript}</script>`, '')).not.toMatch(
      /<script|<!--|data-module|\sstyle=/,
    );
    expect(html).toContain(
      `content="default-src 'none'; style-src https://service.example/auth/assets/; font-src https://service.example/auth/assets/; img-src https://service.example/auth/assets/; base-uri 'none'; form-action 'none'; script-src ${buttonScriptSource}"`,
    );
  });
});

test('a page of API Gateway lets run what it is given and nothing else', () => {
  const script = { text: "alert('$x')", hash: 'the-hash', reads: { 'data-method': '$context.httpMethod' } };
  const html = render('sign-in-needed', { script });

  expect(html).toContain(`script-src ${buttonScriptSource} 'sha256-the-hash'`);
  expect(html).toContain("<script>alert('$x')</script>");
  expect(html).toContain(' data-method="$context.httpMethod"');
});

test('a page of API Gateway says what the config has in place of its text, and the rest as before', () => {
  const changed = {
    en: { title: 'Nothing is here, says {serviceName}', text: ['Costs $5 & more.'] },
    cy: { action: 'Dechrau eto' },
  };
  const html = renderGatewayPage(
    { ...config, pageTexts: { 'request-refused': changed } },
    'request-refused',
    {
      publicUrl: 'https://service.example/auth',
      leadsTo: 'service',
    },
  );

  expect(html).toContain('<title>Nothing is here, says Win &dollar;5');
  expect(html).toMatch(/<h1[^>]*>Nothing is here, says Win &dollar;5/);
  expect(html).toContain('Costs &dollar;5 &amp; more.');
  expect(html).toContain('Go to Win &dollar;5');
  expect(html).toContain('Mae’n ddrwg gennym, nid oedd modd i ni gwblhau eich cais');
  expect(actionsOf(html).at(-1)).toBe('Dechrau eto');
});
