import type { Language } from '../../lambdas/core/language.ts';
import type { DeploymentConfig } from '../config/deployment-config.ts';
import { texts } from './page-texts.ts';
import type { FrameText } from './texts/text-types.ts';

/** What of a config is seen by users. */
export type PageConfig = Pick<
  DeploymentConfig,
  'serviceName' | 'serviceNameWelsh' | 'defaultPage' | 'contact' | 'phaseBanner' | 'footerLinks' | 'pageTexts'
>;

/** How the service shows itself in one language, as the templates know it. */
export interface ServicePresentation {
  readonly serviceName: string;
  readonly footerLinks: readonly FooterLink[];
}

interface FooterLink {
  readonly text: string;
  readonly href: string;
  /** As the design system's footer takes it: of a link in another language than the page's. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Who helps, as the templates know it. */
export interface Contact {
  /** What stands before, in and after the link. */
  readonly sentence: readonly string[];
  readonly url: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly openingHours: string | undefined;
  /** Where it is not the page's language. */
  readonly openingHoursLang: Language | undefined;
}

/**
 * What is not there in Welsh is shown in English: marked as such, but for names, which belong to no language (WCAG 2.2,
 * 3.1.2).
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

/** The same of who helps. @param kind the sentence that says so; undefined on a page that does not */
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
