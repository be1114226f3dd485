import type { Language, PageName } from '../../lambdas/http/pages/page-file.ts';
import type { GatewayPageName } from '../pages/texts/text-types.ts';

/** Who helps users of the service. */
export interface ContactConfig {
  /** Such as `Licensing team`. */
  readonly name: string;
  /** @default that of the English pages; the same holds for all that is in Welsh */
  readonly nameWelsh?: string;
  /** A page about how to get help: a path of the service, or an https address. */
  readonly url?: string;
  readonly urlWelsh?: string;
  readonly email?: string;
  /** As people read it, such as `0300 123 4567`. */
  readonly phone?: string;
  readonly phoneWelsh?: string;
  /** When the phone is answered; only with {@link phone}. */
  readonly openingHours?: string;
  readonly openingHoursWelsh?: string;
}

export interface PhaseBannerConfig {
  readonly phase: Phase;
  /** Where users can say what they think of the service: a path of the service, an https address, or `mailto:`. */
  readonly feedbackUrl: string;
}

export type Phase = 'alpha' | 'beta';

export interface FooterLinkConfig {
  readonly text: string;
  /** A path of the service, an https address, or `mailto:`. */
  readonly url: string;
  readonly textWelsh?: string;
  readonly urlWelsh?: string;
}

/** Page → language → what it says. What is left out stays as it is. */
export type PageTextsConfig = {
  readonly [Name in PageName | AnswerOfApiGateway]?: { readonly [L in Language]?: PageTextConfig };
};

/** The pages that API Gateway shows by itself. Those of authorizers are of the service's own API. */
type AnswerOfApiGateway = Exclude<GatewayPageName, 'sign-in-needed' | 'access-denied'>;

/** Plain text, in which `{serviceName}` stands for the service's name. */
export interface PageTextConfig {
  /** The heading, and the title of the window. */
  readonly title?: string;
  /** Paragraphs. */
  readonly text?: readonly string[];
  /** What the page's button or link says. */
  readonly action?: string;
}
