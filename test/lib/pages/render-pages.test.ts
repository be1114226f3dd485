import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { languages } from '../../../lambdas/core/language.ts';
import { renderPage } from '../../../lambdas/http/pages/page.ts';
import { errorPages, type PageName, stepPages } from '../../../lambdas/http/pages/page-file.ts';
import { securityHeaders } from '../../../lambdas/http/security-headers.ts';
import { buttonScript, buttonScriptSource } from '../../../lib/pages/button-script.ts';
import { functionPages, pageDefinitions } from '../../../lib/pages/page-definitions.ts';
import { texts } from '../../../lib/pages/page-texts.ts';
import { renderPages } from '../../../lib/pages/render-pages.ts';
import type { PageConfig } from '../../../lib/pages/service-presentation.ts';
import { decodeHtml, findLink, listActions } from '../../support/html.ts';
import { pageConfig, pageNames } from '../../support/rendered-pages.ts';
import { readHeading } from '../../support/web-browser.ts';

const publicUrl = 'https://service.example/auth';
const values = {
  publicUrl,
  actionUrl: 'https://service.example/action',
  languageUrl: 'https://service.example/other',
  reference: 'the-reference',
};

/** A service that configures everything. */
const complete: PageConfig = {
  serviceName: 'Apply for a <test>',
  serviceNameWelsh: 'Gwneud cais am brawf',
  defaultPage: '/home',
  contact: {
    name: 'Test team',
    nameWelsh: 'Tîm prawf',
    url: '/contact',
    urlWelsh: '/cysylltu',
    email: 'help@service.example',
    phone: '0300 123 4567',
    phoneWelsh: '0300 123 4568',
    openingHours: 'Monday to Friday, 9am to 5pm',
    openingHoursWelsh: 'Dydd Llun i ddydd Gwener, 9am i 5pm',
  },
  phaseBanner: { phase: 'beta', feedbackUrl: 'https://forms.example/?a=1&b=2' },
  footerLinks: [
    { text: 'Privacy', url: '/privacy', textWelsh: 'Preifatrwydd', urlWelsh: '/preifatrwydd' },
    { text: 'Cookies', url: '/cookies' },
  ],
  pageTexts: {},
};

const file = renderPages(complete, pageNames);
const plain = renderPages(pageConfig, pageNames);
const every = pageNames.flatMap((name) =>
  languages.map((language) => ({ name, language, html: renderPage(file, name, language, values) })),
);

describe.each(every)('the page $name in $language', ({ name, language, html }) => {
  const words = texts[language];

  it('has the heading and the service in its title', () => {
    const title = decodeHtml(/<title>(.*?)<\/title>/.exec(html)?.[1] ?? '');
    const service = language === 'en' ? 'Apply for a <test>' : 'Gwneud cais am brawf';

    expect(html.match(/<h1[ >]/g)).toHaveLength(1);
    expect(title).toBe(`${readHeading({ body: html })} – ${service} – GOV.UK`);
    expect(html).toContain(`<html lang="${language}"`);
  });

  it('links to itself in the other language, with the name of that language', () => {
    const other = { en: ['cy', 'Cymraeg'], cy: ['en', 'English'] }[language];

    expect(findLink(html, other[1] ?? '')).toBe(values.languageUrl);
    expect(html).toContain(`rel="alternate" lang="${other[0]}" hreflang="${other[0]}"`);
  });

  it('has its action, its cancel link, its reference and its contact, and no others', () => {
    const { action, cancelUrl, contact, showsReference } = pageDefinitions[name];
    const help = {
      en: [/ontact the Test team$/, /^Find out about call charges$/, /^help@service\.example$/],
      cy: [/ysylltwch â’r Tîm prawf$/, /^Gwybodaeth am gostau galwadau$/, /^help@service\.example$/],
    }[language].map((text) => expect.stringMatching(text));

    expect(listActions(html)).toEqual([
      ...(action ? [expect.any(String)] : []),
      ...(cancelUrl ? [words.frame.cancel] : []),
      ...(contact ? help : []),
    ]);
    if (cancelUrl) expect(findLink(html, words.frame.cancel)).toBe('/home');
    expect(html.includes('<form')).toBe(action?.kind === 'form');
    expect(html.includes(values.reference)).toBe(showsReference === true);
    expect(renderPage(plain, name, language, values)).not.toContain(words.frame.help);
  });

  it('has the One Login service header only if it asks before a sign-out', () => {
    const asks = name === 'confirm-sign-out';

    expect(html.includes('rebranded-one-login-header')).toBe(asks);
    if (asks) {
      const signOut = language === 'en' ? 'Sign out' : 'Allgofnodi';
      const [header = ''] = /<header.*<\/header>/s.exec(html) ?? [];
      expect(findLink(header, signOut)).toBe(`${publicUrl}/logout?lang=${language}`);
    }
  });

  it('has no script except that of the buttons, no inline style, and loads nothing from other hosts', () => {
    expect(html.split(`<script>${buttonScript}</script>`)).toHaveLength(2);
    expect(html.replace(`<script>${buttonScript}</script>`, '')).not.toMatch(
      /<script|<style|\sstyle=|\son\w+=|javascript:/i,
    );
    const loaded = [...html.matchAll(/<(?:link|img|source)\b[^>]*?\s(?:href|src)="([^"]*)"/g)];
    expect(loaded.length).toBeGreaterThan(3);
    for (const [, url] of loaded)
      expect(url).toMatch(/^https:\/\/service\.example\/auth\/assets\/[\w-]+\.\w+$/);
  });

  it('does not reveal what it is made with', () => {
    const text = html
      .replace(buttonScript, '')
      .replaceAll(/ d="[^"]*"/g, '')
      .replaceAll(/\sd=\n?"[^"]*"/g, '');

    expect(text).not.toMatch(/<!--|generator|govuk-frontend|nunjucks|data-module|lambda|aws|\d\.\d+\.\d/i);
    expect(text).not.toMatch(/[\uE000-\uF8FF]/);
  });
});

describe('the texts of pages', () => {
  it('have Welsh for everything that is in English', () => {
    for (const kind of ['pages', 'gatewayPages'] as const) {
      expect(Object.keys(texts.cy[kind])).toEqual(Object.keys(texts.en[kind]));
      for (const [name, english] of Object.entries(texts.en[kind])) {
        const welsh = texts.cy[kind][name as keyof (typeof texts.cy)[typeof kind]];
        expect([name, Object.keys(welsh)]).toEqual([name, Object.keys(english)]);
        expect(Object.values(welsh)).not.toEqual(Object.values(english));
      }
    }
  });

  it('contain no words of the protocol', () => {
    const jargon =
      /\b(token|OAuth|OIDC|OpenID|client|redirect|callback|session|authenticat\w+|parameter|invalid|server)\b/i;
    for (const { pages, gatewayPages } of [texts.en, texts.cy]) {
      expect(JSON.stringify([pages, gatewayPages])).not.toMatch(jargon);
    }
  });
});

describe('functionPages', () => {
  it('gives each page to a function', () => {
    expect(new Set(Object.values(functionPages).flat())).toEqual(new Set([...errorPages, ...stepPages]));
  });

  it.each(Object.keys(functionPages))('adds at most 8 KB to the package of %s', (name) => {
    const pages = JSON.stringify(renderPages(complete, functionPages[name] ?? []));

    expect(gzipSync(pages).length).toBeLessThanOrEqual(8_000);
  });
});

/** Renders a page and returns its main content, one tag a line, without classes. */
function renderMain(name: PageName, config: PageConfig): string {
  const page = renderPage(renderPages(config, [name]), name, 'en', values);
  const [, main = ''] = /<div class="govuk-grid-column-two-thirds">\s*(.*?)\s*<\/div>/s.exec(page) ?? [];
  return decodeHtml(main.replaceAll(/ class="[^"]*"/g, '').replaceAll(/\s*\n\s*/g, '\n'));
}

const helpPage = { ...pageConfig, contact: { name: 'Test team', url: '/help' } };
const helpline = {
  ...pageConfig,
  contact: { name: 'Test helpline', phone: '0808 157 3900', openingHours: 'Monday to Friday, 8am to 8pm' },
};

describe("a page of a design system's pattern", () => {
  it('has the text of "Page not found pages"', () => {
    expect(renderMain('not-found', helpPage)).toBe(`<h1>Page not found</h1>
<p>If you typed the web address, check it is correct.</p>
<p>If you pasted the web address, check you copied the entire address.</p>
<p>If the web address is correct or you selected a link or button, <a href="/help">contact the Test team</a> if you need to speak to someone about the service.</p>`);
  });

  it('has the text of "Service unavailable pages"', () => {
    expect(renderMain('service-unavailable', helpPage)).toBe(`<h1>Sorry, the service is unavailable</h1>
<p>You will be able to use the service later.</p>
<p><a href="/help">Contact the Test team</a> if you need to speak to someone about the service.</p>`);
  });

  it('has the contact details of "Contact a department or service team"', () => {
    expect(renderMain('service-unavailable', helpline)).toBe(`<h1>Sorry, the service is unavailable</h1>
<p>You will be able to use the service later.</p>
<p>Contact the Test helpline if you need to speak to someone about the service.</p>
<h2>Get help with this service</h2>
<ul>
<li>Phone: 0808 157 3900</li>
<li>Monday to Friday, 8am to 8pm</li>
</ul>
<p><a href="https://www.gov.uk/call-charges">Find out about call charges</a></p>`);
  });

  it('begins with the text of "There is a problem with the service pages"', () => {
    expect(renderMain('problem', helpPage)).toMatch(
      /^<h1>Sorry, there is a problem with the service<\/h1>\n<p>Try again later\.<\/p>/,
    );
  });
});

it('the content security policy of every response allows only the script of the buttons', () => {
  const policy = securityHeaders['Content-Security-Policy'] ?? '';
  expect(policy.match(/script-src [^;]*/g)).toEqual([`script-src ${buttonScriptSource}`]);
});

describe('a page with everything configured', () => {
  const problem = renderPage(file, 'problem', 'en', values);
  const welshProblem = renderPage(file, 'problem', 'cy', values);

  it('shows the texts of its language', () => {
    expect(findLink(problem, 'Apply for a <test>')).toBe('/home');
    expect(findLink(problem, 'Contact the Test team')).toBe('/contact');
    expect(problem).toContain('Phone: 0300 123 4567');
    expect(findLink(welshProblem, 'Gwneud cais am brawf')).toBe('/home');
    expect(findLink(welshProblem, 'Cysylltwch â’r Tîm prawf')).toBe('/cysylltu');
    expect(welshProblem).toContain('Ffôn: 0300 123 4568');
    expect(findLink(problem, 'Privacy')).toBe('/privacy');
    expect(findLink(welshProblem, 'Preifatrwydd')).toBe('/preifatrwydd');
    expect(findLink(problem, 'give your feedback')).toBe('https://forms.example/?a=1&b=2');
    expect(findLink(welshProblem, 'rhowch eich adborth')).toBe('https://forms.example/?a=1&b=2');
  });

  it('shows and marks English where there is no Welsh', () => {
    const { openingHoursWelsh: _, ...contact } = {
      name: 'Test team',
      phone: '1',
      openingHours: 'Weekdays',
      openingHoursWelsh: '',
    };
    const english = renderPages({ ...complete, contact }, ['problem']);
    const page = renderPage(english, 'problem', 'cy', values);

    expect(page).toContain('<li lang="en">Weekdays</li>');
    expect(page).toContain('href="/cookies" lang="en" hreflang="en"');
    expect(page).not.toContain('href="/preifatrwydd" lang');
  });

  it('escapes the config', () => {
    const evil = '"><img src=x onerror=alert(1)>';
    const config: PageConfig = {
      serviceName: evil,
      serviceNameWelsh: evil,
      defaultPage: evil,
      contact: { name: evil, url: evil, email: evil, phone: evil, openingHours: evil },
      phaseBanner: { phase: 'alpha', feedbackUrl: evil },
      footerLinks: [{ text: evil, url: evil }],
      pageTexts: { problem: { en: { title: evil, text: [evil], action: evil } } },
    };

    for (const language of languages) {
      const page = renderPage(renderPages(config, ['problem']), 'problem', language, values);
      expect(page).toContain('&lt;img src=x');
      expect(page).not.toContain('<img');
      expect(page).not.toContain(evil);
    }
  });

  it('shows the texts of the config, and its own where the config has none', () => {
    const pageTexts = {
      'signed-out': { en: { title: 'Goodbye', text: ['Thank you for using {serviceName}.'] } },
    };
    const changed = renderPages({ ...complete, pageTexts }, ['signed-out']);
    const page = renderPage(changed, 'signed-out', 'en', values);

    expect(readHeading({ body: page })).toBe('Goodbye');
    expect(decodeHtml(page)).toContain('<p class="govuk-body">Thank you for using Apply for a <test>.</p>');
    expect(listActions(page)).toEqual(['Return to Apply for a <test>']);
    expect(readHeading({ body: renderPage(changed, 'signed-out', 'cy', values) })).toBe(
      'Rydych wedi allgofnodi',
    );
  });
});
