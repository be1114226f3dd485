import { type Language, languages } from '../../lambdas/core/language.ts';
import {
  type Html,
  type PageFile,
  type PageName,
  type PageParts,
  signedInPages,
} from '../../lambdas/http/pages/page-file.ts';
import { escapeText, markValue, renderHtml } from './html.ts';
import { pageDefinitions } from './page-definitions.ts';
import { texts } from './page-texts.ts';
import { type PageConfig, presentContact, presentService } from './service-presentation.ts';
import type { PageText } from './texts/text-types.ts';

/** Renders pages in every language with the design system's templates, except what is known only when they are shown. */
export function renderPages(config: PageConfig, names: readonly PageName[]): PageFile {
  return {
    frames: forEachLanguage((language) => renderFrame(config, language)),
    ...(names.some((name) => signedInPages.includes(name))
      ? { signedInFrames: forEachLanguage((language) => renderSignedInFrame(config, language)) }
      : {}),
    pages: Object.fromEntries(
      names.map((name) => [name, forEachLanguage((language) => renderPage(config, name, language))]),
    ),
  };
}

/**
 * Renders the frame of a page: the head, the header with the service's name, the phase banner, the language switch and
 * the footer. A page fills in the parts `title`, `head` and `content`.
 *
 * @param options.languageUrl the page in the other language @default a value that is known when the page is shown
 * @param options.bodyAttributes attributes of the body @default none
 */
export function renderFrame(
  config: PageConfig,
  language: Language,
  { languageUrl = markValue('languageUrl'), bodyAttributes = {} }: FrameOptions = {},
): Html {
  return renderHtml('frame.njk', { ...buildFrameVariables(config, language, languageUrl), bodyAttributes });
}

/** Renders the frame with the One Login service header, for signed-in users. @param navigation the service's own links */
export function renderSignedInFrame(
  config: PageConfig,
  language: Language,
  navigation: ServiceNavigation = {},
): Html {
  return renderHtml('signed-in-frame.njk', {
    ...buildFrameVariables(config, language, markValue('languageUrl')),
    signOutUrl: `${markValue('publicUrl')}/logout?lang=${language}`,
    navigation,
  });
}

/** The options of the design system's service navigation. */
export interface ServiceNavigation {
  /** Its name, for screen readers. */
  readonly label?: string;
  /** The link of the service's name. @default the config's `defaultPage` */
  readonly home?: string;
  readonly items?: readonly { readonly href: string; readonly text: string }[];
}

/** Builds the variables that every frame's template uses. */
function buildFrameVariables(config: PageConfig, language: Language, languageUrl: string): object {
  return {
    htmlLang: language,
    language,
    words: texts[language].frame,
    service: config,
    ...presentService(config, language),
    languageUrls: { en: languageUrl, cy: languageUrl },
  };
}

interface FrameOptions {
  readonly languageUrl?: string;
  readonly bodyAttributes?: Readonly<Record<string, string>>;
}

function renderPage(config: PageConfig, name: PageName, language: Language): PageParts {
  const { serviceName } = presentService(config, language);
  const { action, cancelUrl, showsReference, contact, head } = pageDefinitions[name];
  const text = chooseText(config, name, language);
  return {
    title: escapeText(`${text.title} – ${serviceName} – GOV.UK`),
    head: head === undefined ? [] : [head],
    content: renderHtml('content.njk', {
      words: texts[language].frame,
      page: {
        title: text.title,
        text: text.text,
        action: action && { kind: action.kind, text: text.action, url: action.url({ ...config, language }) },
        cancelUrl: cancelUrl?.({ ...config, language }),
        reference: showsReference ? markValue('reference') : undefined,
      },
      contact: presentContact(config, language, contact),
    }),
  };
}

/** Returns the page's own text, or the text of the config. */
function chooseText(config: PageConfig, name: PageName, language: Language): PageText {
  const { serviceName } = presentService(config, language);
  const text: PageText = { ...texts[language].pages[name], ...config.pageTexts[name]?.[language] };
  const insert = (words: string) => words.replaceAll('{serviceName}', () => serviceName);
  return {
    title: insert(text.title),
    text: text.text.map(insert),
    ...(text.action === undefined ? {} : { action: insert(text.action) }),
  };
}

/** Returns what `render` returns for each language. */
export function forEachLanguage<T>(render: (language: Language) => T): Readonly<Record<Language, T>> {
  return Object.fromEntries(languages.map((language) => [language, render(language)])) as Record<Language, T>;
}
