import {
  type Html,
  type Language,
  languages,
  type PageFile,
  type PageName,
  type PageParts,
} from '../../lambdas/http/pages/page-file.ts';
import { escapeText, laterValue, renderHtml } from './html.ts';
import { isErrorPage, pageDefinitions } from './page-definitions.ts';
import { type PageText, texts } from './page-texts.ts';
import { type PageConfig, presentService } from './service-presentation.ts';
import { shareRepeated } from './share-repeated.ts';

/**
 * Renders pages in every language, with the design system's own templates, but for what is known only when they are
 * shown.
 */
export function renderPages(config: PageConfig, names: readonly PageName[]): PageFile {
  return shareRepeated({
    frames: forEachLanguage((language) => renderFrame(config, language)),
    pages: Object.fromEntries(
      names.map((name) => [name, forEachLanguage((language) => renderPage(config, name, language))]),
    ),
  });
}

/**
 * What stands around each page: the head, the header with the service's name, the phase banner, the language switch and
 * the footer. Its parts `title`, `head` and `content` are the page's own.
 *
 * @param options.languageUrl where the page is in the other language @default a value that is known when the page is shown
 * @param options.bodyAttributes attributes of the body @default none
 */
export function renderFrame(
  config: PageConfig,
  language: Language,
  { languageUrl = laterValue('languageUrl'), bodyAttributes = {} }: FrameOptions = {},
): Html {
  return renderHtml('frame.njk', { ...frameVariables(config, language, languageUrl), bodyAttributes });
}

/** What every frame's template knows of the service and the language. */
export function frameVariables(config: PageConfig, language: Language, languageUrl: string): object {
  return {
    htmlLang: language,
    language,
    words: texts[language].frame,
    service: config,
    ...presentService(config, language),
    languageUrls: { en: languageUrl, cy: languageUrl },
  };
}

export interface FrameOptions {
  readonly languageUrl?: string;
  readonly bodyAttributes?: Readonly<Record<string, string>>;
}

function renderPage(config: PageConfig, name: PageName, language: Language): PageParts {
  const { serviceName, contact } = presentService(config, language);
  const { action, showsContact, head } = pageDefinitions[name];
  const words = texts[language].frame;
  const text = textOf(config, name, language);
  const isError = isErrorPage(name);
  return {
    title: escapeText(`${isError ? words.error : ''}${text.title} – ${serviceName} – GOV.UK`),
    head: head === undefined ? [] : [head],
    content: renderHtml('content.njk', {
      words,
      page: {
        title: text.title,
        text: text.text,
        action: { kind: action.kind, text: text.action, url: action.url({ ...config, language }) },
        reference: isError ? laterValue('reference') : undefined,
      },
      contact: showsContact ? contact : undefined,
    }),
  };
}

/** The page's own text, or what the config says in its place. */
function textOf(config: PageConfig, name: PageName, language: Language): PageText {
  const { serviceName } = presentService(config, language);
  const text: PageText = { ...texts[language].pages[name], ...config.pageTexts[name]?.[language] };
  const insert = (words: string) => words.replaceAll('{serviceName}', () => serviceName);
  return {
    title: insert(text.title),
    text: text.text.map(insert),
    ...(text.action === undefined ? {} : { action: insert(text.action) }),
  };
}

function forEachLanguage<T>(render: (language: Language) => T): Readonly<Record<Language, T>> {
  return Object.fromEntries(languages.map((language) => [language, render(language)])) as Record<Language, T>;
}
