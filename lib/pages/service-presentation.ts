import type { Language } from '../../lambdas/core/language.ts';
import type { DeploymentConfig } from '../config/deployment-config.ts';
import { texts } from './page-texts.ts';
import type { FrameText } from './texts/text-types.ts';

/** The fields of a config that users see. */
export type PageConfig = Pick<
  DeploymentConfig,
  'serviceName' | 'serviceNameWelsh' | 'defaultPage' | 'contact' | 'phaseBanner' | 'footerLinks' | 'pageTexts'
>;

/** The variables of the templates about the service, in one language. */
export interface ServicePresentation {
  readonly serviceName: string;
  readonly footerLinks: readonly FooterLink[];
}

interface FooterLink {
  readonly text: string;
  readonly href: string;
  /** For the design system's footer: marks a link in another language than the page's. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The variables of the templates about who helps. */
export interface Contact {
  /** The words before, in and after the link. */
  readonly sentence: readonly string[];
  readonly url: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly openingHours: string | undefined;
  /** The language, if it is not the page's. */
  readonly openingHoursLang: Language | undefined;
}

/**
 * Builds the variables about the service. Text without a Welsh version is shown in English, and marked as English except
 * for names, which have no language (WCAG 2.2, 3.1.2).
 */
export function presentService(config: PageConfig, language: Language): ServicePresentation {
  const welsh = language === 'cy';
  return {
    serviceName: (welsh && config.serviceNameWelsh) || config.serviceName,
    footerLinks: config.footerLinks.map(({ text, url, textWelsh, urlWelsh }) => ({
      text: (welsh && textWelsh) || text,
      href: (welsh && urlWelsh) || url,
      attributes: {
        ...(welsh && textWelsh === undefined ? { lang: 'en' } : {}),
        ...(welsh && urlWelsh === undefined ? { hreflang: 'en' } : {}),
      },
    })),
  };
}

/** Builds the variables about who helps. @param kind the sentence about it; undefined on a page without one */
export function presentContact(
  { contact }: PageConfig,
  language: Language,
  kind: keyof FrameText['contact'] | undefined,
): Contact | undefined {
  if (contact === undefined || kind === undefined) return undefined;
  const welsh = language === 'cy';
  const name = (welsh && contact.nameWelsh) || contact.name;
  return {
    sentence: texts[language].frame.contact[kind].map((words) => words.replace('{name}', () => name)),
    url: (welsh && contact.urlWelsh) || contact.url,
    email: contact.email,
    phone: (welsh && contact.phoneWelsh) || contact.phone,
    openingHours: (welsh && contact.openingHoursWelsh) || contact.openingHours,
    openingHoursLang: welsh && contact.openingHoursWelsh === undefined ? 'en' : undefined,
  };
}
