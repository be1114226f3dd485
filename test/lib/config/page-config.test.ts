import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../lib/config/mistakes.ts';
import { validateConfig } from '../../../lib/config/validate-config.ts';

const smallest = {
  name: 'licences',
  environment: 'integration',
  serviceName: 'Apply for a licence',
  clientId: 'client',
  scopes: ['openid'],
  authentication: { vtr: ['Cl.Cm'] },
  signingKeys: [{ name: 'first', state: 'sign' }],
};

function mistakesIn(change: Readonly<Record<string, unknown>>): readonly string[] {
  try {
    validateConfig({ ...smallest, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
}

const contact = { name: 'Licensing team', email: 'help@service.example' };
const phaseBanner = { phase: 'beta', feedbackUrl: '/feedback' };
const link = { text: 'Privacy', url: '/privacy' };

describe('what pages show', () => {
  test.each([
    ['a contact by email', { contact }],
    ['a contact by a page', { contact: { name: 'Team', url: '/contact', urlWelsh: '/cysylltu' } }],
    ['a contact by phone', { contact: { name: 'Team', phone: '0300 123 4567', openingHours: '9am to 5pm' } }],
    ['a phase banner', { phaseBanner }],
    [
      'feedback by email',
      { phaseBanner: { ...phaseBanner, feedbackUrl: 'mailto:feedback@service.example' } },
    ],
    [
      'feedback by a form elsewhere',
      { phaseBanner: { ...phaseBanner, feedbackUrl: 'https://forms.example/f?id=1' } },
    ],
    ['a link at the foot', { footerLinks: [link, { ...link, textWelsh: 'Preifatrwydd', urlWelsh: '/cy' }] }],
    [
      'texts',
      { pageTexts: { 'signed-out': { en: { title: 'Bye', text: ['From {serviceName}.'], action: 'Go' } } } },
    ],
  ])('may be %s', (_, change) => {
    expect(mistakesIn(change)).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'a Welsh name of two lines',
      { serviceNameWelsh: 'a\nb' },
      'serviceNameWelsh: "a\\nb" is not allowed; allowed: text on one line',
    ],
    [
      'a contact without a name',
      { contact: { email: contact.email } },
      'contact.name: is missing. Who it is',
    ],
    [
      'a contact that can not be reached',
      { contact: { name: 'Team' } },
      'contact: must hold at least one of url, email, phone',
    ],
    [
      'hours of no phone',
      { contact: { ...contact, openingHours: '9 to 5' } },
      'contact.openingHours: is allowed with contact.phone only',
    ],
    [
      'a Welsh phone alone',
      { contact: { ...contact, phoneWelsh: '1' } },
      'contact.phoneWelsh: is allowed with contact.phone only',
    ],
    [
      'an email address with a name',
      { contact: { name: 'Team', email: 'Team <help@service.example>' } },
      'contact.email: "Team <help@service.example>" is not allowed; allowed: an email address',
    ],
    [
      'a contact page that runs a script',
      { contact: { name: 'Team', url: 'javascript:alert(1)' } },
      'contact.url: "javascript:alert(1)" must be a path that begins with a single /',
    ],
    [
      'an unknown way to be reached',
      { contact: { ...contact, fax: '1' } },
      'contact.fax: is not a field of the config',
    ],
    [
      'a phase that is none',
      { phaseBanner: { ...phaseBanner, phase: 'live' } },
      'phaseBanner.phase: "live" is not allowed; allowed: alpha, beta',
    ],
    [
      'a banner without feedback',
      { phaseBanner: { phase: 'beta' } },
      'phaseBanner.feedbackUrl: is missing. Where users can say',
    ],
    [
      'feedback over http',
      { phaseBanner: { ...phaseBanner, feedbackUrl: 'http://forms.example/' } },
      'phaseBanner.feedbackUrl: "http://forms.example/" must begin with https://',
    ],
    [
      'feedback to several people',
      { phaseBanner: { ...phaseBanner, feedbackUrl: 'mailto:a@b.example?bcc=c@d.example' } },
      'phaseBanner.feedbackUrl: "mailto:a@b.example?bcc=c@d.example" must be a path',
    ],
    [
      'a link to another host without a scheme',
      { footerLinks: [{ ...link, url: '//evil.example' }] },
      'footerLinks[0].url: "//evil.example" must begin with a single /',
    ],
    [
      'a link without words',
      { footerLinks: [{ url: '/privacy' }] },
      'footerLinks[0].text: is missing. What the link says.',
    ],
    [
      'a page that is none',
      { pageTexts: { welcome: {} } },
      'pageTexts.welcome: is not a field of the config; here are allowed: problem, temporarily-unavailable,',
    ],
    [
      'a language that is none',
      { pageTexts: { problem: { fr: {} } } },
      'pageTexts.problem.fr: is not a field of the config; here are allowed: en, cy',
    ],
    [
      'a text that is none',
      { pageTexts: { problem: { en: { heading: 'x' } } } },
      'pageTexts.problem.en.heading: is not a field of the config; here are allowed: title, text, action',
    ],
    [
      'an action of a page that has none',
      { pageTexts: { 'not-found': { cy: { action: 'x' } } } },
      'pageTexts.not-found.cy.action: is not a field of the config; here are allowed: title, text',
    ],
    [
      'HTML',
      { pageTexts: { problem: { cy: { text: ['Hello', '<b>you</b>'] } } } },
      'pageTexts.problem.cy.text[1]: "<b>you</b>" is not allowed; allowed: plain text on one line, without HTML',
    ],
    [
      'something else in braces',
      { pageTexts: { problem: { en: { title: 'Hello {name}' } } } },
      'pageTexts.problem.en.title: "Hello {name}" is not allowed; allowed: plain text',
    ],
    [
      'a place for what comes later',
      { pageTexts: { problem: { en: { title: '\uE000value.reference\uE001' } } } },
      'pageTexts.problem.en.title:',
    ],
    [
      'a name with a place for what comes later',
      { serviceName: 'a\uE000value.reference\uE001' },
      'serviceName:',
    ],
    [
      'no paragraph',
      { pageTexts: { problem: { en: { text: [] } } } },
      'pageTexts.problem.en.text: has too few entries',
    ],
    [
      'one paragraph as a text',
      { pageTexts: { problem: { en: { text: 'Hello' } } } },
      'pageTexts.problem.en.text: "Hello" is not a list',
    ],
  ])('is not %s', (_, change, mistake) => {
    const mistakes = mistakesIn(change);

    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(mistake);
  });
});
