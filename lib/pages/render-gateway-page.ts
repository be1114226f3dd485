import { type Language, languages } from '../../lambdas/core/language.ts';
import type { Html, PagePart } from '../../lambdas/http/pages/page-file.ts';
import { buttonScriptSource } from './button-script.ts';
import { escapeText, renderHtml } from './html.ts';
import { texts } from './page-texts.ts';
import { renderFrame } from './render-pages.ts';
import { type PageConfig, presentContact, presentService } from './service-presentation.ts';
import type { FrameText, GatewayPageName, PageText } from './texts/text-types.ts';

export interface GatewayPageOptions {
  /** The outside URL up to and with `/auth`; a token of the CDK will do. */
  readonly publicUrl: string;
  /** In which sentence it says who helps. @default it does not say so */
  readonly contact?: keyof FrameText['contact'];
  /**
   * Where its one action leads: to the service's default page, to what was asked for once more, or to an address that
   * stands as it is, such as a variable of API Gateway. Absent on a page that has no action.
   */
  readonly leadsTo?: 'service' | 'same-page' | Readonly<Record<Language, string>>;
  /** What API Gateway itself fills in. @default nothing */
  readonly variables?: GatewayVariables;
  /** What runs in the page. @default nothing */
  readonly script?: GatewayScript;
}

/** For each name that the page's texts have in braces, the variable of API Gateway. */
type GatewayVariables = Readonly<Record<Language, Readonly<Record<string, string>>>>;

interface GatewayScript {
  readonly text: string;
  /** Base64 SHA-256: the policy lets this script run and no other. */
  readonly hash: string;
  /** Attributes of the body that it reads. */
  readonly reads: Readonly<Record<string, string>>;
}

/**
 * Renders a page that API Gateway shows without asking a function. Nothing tells it the user's language: so the page is
 * in English and, below, in Welsh, and its language switch leads down there.
 *
 * API Gateway replaces what begins with a dollar sign, and number signs mean something in its templates elsewhere:
 * neither is in the page, but for the variables that are meant. The number of the request is not among them: the page
 * would show what a caller has chosen, as it is, and nobody reads 36 characters over a telephone.
 *
 * @returns the whole HTML page
 */
export function renderGatewayPage(
  config: PageConfig,
  name: GatewayPageName,
  options: GatewayPageOptions,
): string {
  const asItIs = new Insertions();
  const { publicUrl, script } = options;
  const [english, welsh] = languages.map((language) => describe(config, name, language, options, asItIs));
  const title = chooseText(config, name, 'en').title.replaceAll('{serviceName}', () => config.serviceName);
  const parts: Readonly<Record<PagePart, Html>> = {
    title: escapeText(`${title} – ${config.serviceName} – GOV.UK`),
    head: [`<meta http-equiv="Content-Security-Policy" content="${policy(publicUrl, script, asItIs)}">`],
    content: [
      ...renderHtml('gateway-content.njk', { english, welsh }),
      ...(script === undefined ? [] : [`\n<script>${asItIs.mark(script.text)}</script>`]),
    ],
  };
  const frame = renderFrame(config, 'en', {
    languageUrl: '#cymraeg',
    bodyAttributes: Object.fromEntries(
      Object.entries(script?.reads ?? {}).map(([attribute, value]) => [attribute, asItIs.mark(value)]),
    ),
  });
  const html = fillIn(frame, parts, { publicUrl: asItIs.mark(publicUrl) });
  return asItIs.insert(withoutSigns(html));
}

/** What the page says in one language, as its template knows it. */
function describe(
  config: PageConfig,
  name: GatewayPageName,
  language: Language,
  { contact, leadsTo, variables }: GatewayPageOptions,
  asItIs: Insertions,
): object {
  const { serviceName } = presentService(config, language);
  const { title, text, action = '' } = chooseText(config, name, language);
  const insert = (words: string) =>
    words.replaceAll(/\{(\w+)\}/g, (whole, key: string) => {
      const variable = variables?.[language][key];
      if (variable !== undefined) return asItIs.mark(variable);
      return key === 'serviceName' ? serviceName : whole;
    });
  const actionTo = (target: NonNullable<typeof leadsTo>) => {
    const words = insert(action);
    // An empty address is that of the page itself (RFC 3986, 4.4).
    if (target === 'same-page') return { kind: 'link', text: words, url: '' };
    if (target === 'service') return { kind: 'link', text: words, url: config.defaultPage };
    return { kind: 'button', text: words, url: asItIs.mark(target[language]) };
  };
  return {
    words: texts[language].frame,
    page: {
      title: insert(title),
      text: text.map(insert),
      action: leadsTo && actionTo(leadsTo),
    },
    contact: presentContact(config, language, contact),
  };
}

/** The page's own text, or what the config says in its place. */
function chooseText({ pageTexts }: PageConfig, name: GatewayPageName, language: Language): PageText {
  const replaced = pageTexts[name as keyof typeof pageTexts];
  return { ...texts[language].gatewayPages[name], ...replaced?.[language] };
}

/** The page's own policy, by which it loads its assets from the public URL wherever the page itself is shown. */
function policy(publicUrl: string, script: GatewayScript | undefined, asItIs: Insertions): string {
  const assets = `${asItIs.mark(publicUrl)}/assets/`;
  return [
    "default-src 'none'",
    `style-src ${assets}`,
    `font-src ${assets}`,
    `img-src ${assets}`,
    "base-uri 'none'",
    "form-action 'none'",
    `script-src ${[buttonScriptSource, ...(script === undefined ? [] : [`'sha256-${script.hash}'`])].join(' ')}`,
  ].join('; ');
}

function fillIn(
  html: Html,
  parts: Readonly<Record<PagePart, Html>>,
  values: Readonly<Record<string, string>>,
): string {
  return html
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('part' in piece) return fillIn(parts[piece.part], parts, values);
      const value = 'value' in piece ? values[piece.value] : undefined;
      if (value === undefined) throw new Error(`a page of API Gateway lacks ${JSON.stringify(piece)}`);
      return value;
    })
    .join('');
}

const named: Readonly<Record<string, string>> = {
  '&#39;': '&apos;',
  '&#92;': '&bsol;',
  $: '&dollar;',
  '#': '&num;',
};

/** The same HTML, without dollar and number signs. */
function withoutSigns(html: string): string {
  return html.replaceAll(/&#(39|92);|[$#]/g, (sign) => named[sign] ?? sign);
}

/** Texts that go into the finished page as they are; until then private-use characters keep their places. */
class Insertions {
  readonly #texts: string[] = [];

  /** @returns what stands in for the text */
  mark(text: string): string {
    this.#texts.push(text);
    return `\uE003${this.#texts.length - 1}\uE003`;
  }

  insert(html: string): string {
    return html.replaceAll(/\uE003(\d+)\uE003/g, (_, place: string) => this.#texts[Number(place)] ?? '');
  }
}
