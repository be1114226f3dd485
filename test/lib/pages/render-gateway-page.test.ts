import { describe, expect, it } from '@jest/globals';
import { buttonScript, buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { type GatewayPageOptions, renderGatewayPage } from '../../../lib/pages/render-gateway-page.ts';
import type { PageConfig } from '../../../lib/pages/service-presentation.ts';
import type { GatewayPageName } from '../../../lib/pages/texts/text-types.ts';
import { decodeHtml, findLink, listActions } from '../../support/html.ts';

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

describe.each(names)('renderGatewayPage for %s', (name) => {
  const html = render(name);

  it('leaves out everything that API Gateway would replace', () => {
    // A digit after a number sign has no meaning in its templates.
    expect(html).not.toMatch(/\$|#(?!\d)/);
    expect(html).toContain('Win &dollar;5 &num;now');
    expect(html).toContain('href="/home?a=&dollar;context.identity.caller&amp;b&num;top"');
    expect(html).not.toContain('<free>');
    expect(html).not.toMatch(/[\uE000-\uF8FF]/);
  });

  it('renders English with one heading, then Welsh, to which the language switch links', () => {
    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(html).toContain('<html lang="en"');
    expect(findLink(html.replaceAll('&num;', '#'), 'Cymraeg')).toBe('#cymraeg');
    expect(html).toMatch(/<section lang="cy" id="cymraeg"/);
  });

  it('shows who helps in each language', () => {
    const contacts = listActions(html).filter((text) => text.includes('@'));

    expect(contacts).toEqual(['help@service.example', 'help@service.example']);
    expect(html).toContain('Contact the Test team if you need to speak to someone about the service.');
    expect(decodeHtml(html)).toContain(
      'Cysylltwch â’r Test team os oes angen i chi siarad â rhywun am y gwasanaeth.',
    );
  });

  it('allows only the script of the buttons, and loads our own files by their whole address', () => {
    expect(html.replace(`<script>${buttonScript}</script>`, '')).not.toMatch(
      /<script|<!--|data-module|\sstyle=/,
    );
    expect(html).toContain(
      `content="default-src 'none'; style-src https://service.example/auth/assets/; font-src https://service.example/auth/assets/; img-src https://service.example/auth/assets/; base-uri 'none'; form-action 'none'; script-src ${buttonScriptSource}"`,
    );
  });
});

describe('renderGatewayPage', () => {
  it('allows the script of its options and no other', () => {
    const script = { text: "alert('$x')", hash: 'the-hash', reads: { 'data-method': '$context.httpMethod' } };
    const html = render('sign-in-needed', { script });

    expect(html).toContain(`script-src ${buttonScriptSource} 'sha256-the-hash'`);
    expect(html).toContain("<script>alert('$x')</script>");
    expect(html).toContain(' data-method="$context.httpMethod"');
  });

  it('shows the texts of the config, and its own where the config has none', () => {
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
    expect(decodeHtml(html)).toContain('Mae’n ddrwg gennym, nid oedd modd i ni gwblhau eich cais');
    expect(listActions(html).at(-1)).toBe('Dechrau eto');
  });
});
