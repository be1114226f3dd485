import { type Language, languages } from '../../lambdas/core/language.ts';
import type { Html, PagePart } from '../../lambdas/http/pages/page-file.ts';
import { buttonScriptSource } from './button-script.ts';
import { escapeText, renderHtml } from './html.ts';
import { texts } from './page-texts.ts';
import { renderFrame } from './render-pages.ts';
import { type PageConfig, presentContact, presentService } from './service-presentation.ts';
import type { FrameText, GatewayPageName, PageText } from './texts/text-types.ts';

export interface GatewayPageOptions {
  /** The public URL up to and including `/auth`. It can be a token of the CDK. */
  readonly publicUrl: string;
  /** The sentence about who helps. @default none */
  readonly contact?: keyof FrameText['contact'];
  /**
   * The address of its one action: the service's default page, the same page again, or an address that is inserted as it
   * is, such as a variable of API Gateway. @default the page has no action
   */
  readonly leadsTo?: 'service' | 'same-page' | Readonly<Record<Language, string>>;
  /** The values that API Gateway fills in. @default none */
  readonly variables?: GatewayVariables;
  /** The script of the page. @default none */
  readonly script?: GatewayScript;
}

/** The variable of API Gateway for each name that the page's texts have in braces. */
type GatewayVariables = Readonly<Record<Language, Readonly<Record<string, string>>>>;

interface GatewayScript {
  readonly text: string;
  /** Base64 SHA-256, with which the policy allows the script. */
  readonly hash: string;
  /** The attributes of the body that the script reads. */
  readonly reads: Readonly<Record<string, string>>;
}

/**
 * Renders a page that API Gateway shows without a function. API Gateway does not read the user's language, so the page
 * is in English and then in Welsh, and its language switch links to the Welsh.
 *
 * API Gateway replaces text after a dollar sign, and number signs have a meaning in its templates, so the page contains
 * neither, except in the variables of the options. The request's id is not one of them: a caller can choose it, and
 * 36 characters are too many to read out over the telephone.
 *
 * @returns the whole HTML page, in ASCII: not every tool that passes a template on keeps other characters
 */
export function renderGatewayPage(
  config: PageConfig,
  name: GatewayPageName,
  options: GatewayPageOptions,
): string {
  const insertions = new Insertions();
  const { publicUrl, script } = options;
  const [english, welsh] = languages.map((language) =>
    buildVariables(config, name, language, options, insertions),
  );
  const title = chooseText(config, name, 'en').title.replaceAll('{serviceName}', () => config.serviceName);
  const parts: Readonly<Record<PagePart, Html>> = {
    title: escapeText(`${title} – ${config.serviceName} – GOV.UK`),
    head: [
      `<meta http-equiv="Content-Security-Policy" content="${buildPolicy(publicUrl, script, insertions)}">`,
    ],
    content: [
      ...renderHtml('gateway-content.njk', { english, welsh }),
      ...(script === undefined ? [] : [`\n<script>${insertions.mark(script.text)}</script>`]),
    ],
  };
  const frame = renderFrame(config, 'en', {
    languageUrl: '#cymraeg',
    bodyAttributes: Object.fromEntries(
      Object.entries(script?.reads ?? {}).map(([attribute, value]) => [attribute, insertions.mark(value)]),
    ),
  });
  const html = fillIn(frame, parts, { publicUrl: insertions.mark(publicUrl) });
  return replaceNonAscii(insertions.insert(replaceSigns(html)));
}

/** Builds the variables of the template for one language. */
function buildVariables(
  config: PageConfig,
  name: GatewayPageName,
  language: Language,
  { contact, leadsTo, variables }: GatewayPageOptions,
  insertions: Insertions,
): object {
  const { serviceName } = presentService(config, language);
  const { title, text, action = '' } = chooseText(config, name, language);
  const insert = (words: string) =>
    words.replaceAll(/\{(\w+)\}/g, (whole, key: string) => {
      const variable = variables?.[language][key];
      if (variable !== undefined) return insertions.mark(variable);
      return key === 'serviceName' ? serviceName : whole;
    });
  const actionTo = (target: NonNullable<typeof leadsTo>) => {
    const words = insert(action);
    // An empty address is that of the page itself (RFC 3986, 4.4).
    if (target === 'same-page') return { kind: 'link', text: words, url: '' };
    if (target === 'service') return { kind: 'link', text: words, url: config.defaultPage };
    return { kind: 'button', text: words, url: insertions.mark(target[language]) };
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

/** Returns the page's own text, or the text of the config. */
function chooseText({ pageTexts }: PageConfig, name: GatewayPageName, language: Language): PageText {
  const replaced = pageTexts[name as keyof typeof pageTexts];
  return { ...texts[language].gatewayPages[name], ...replaced?.[language] };
}

/** Builds the page's own policy: it loads its assets from the public URL, at whatever address the page is. */
function buildPolicy(publicUrl: string, script: GatewayScript | undefined, insertions: Insertions): string {
  const assets = `${insertions.mark(publicUrl)}/assets/`;
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

const namedReferences: Readonly<Record<string, string>> = {
  '&#39;': '&apos;',
  '&#92;': '&bsol;',
  $: '&dollar;',
  '#': '&num;',
};

/** Replaces dollar and number signs by named character references. */
function replaceSigns(html: string): string {
  return html.replaceAll(/&#(39|92);|[$#]/g, (sign) => namedReferences[sign] ?? sign);
}

/** The references are decimal: in a template of API Gateway a digit after a number sign has no meaning. */
function replaceNonAscii(html: string): string {
  return html.replaceAll(/\P{ASCII}/gu, (character) => `&#${character.codePointAt(0)};`);
}

/** Texts to insert unchanged into the finished page. Until then private-use characters mark their places. */
class Insertions {
  readonly #texts: string[] = [];

  /** @returns the mark of the text's place */
  mark(text: string): string {
    this.#texts.push(text);
    return `\uE003${this.#texts.length - 1}\uE003`;
  }

  insert(html: string): string {
    return html.replaceAll(/\uE003(\d+)\uE003/g, (_, place: string) => this.#texts[Number(place)] ?? '');
  }
}
