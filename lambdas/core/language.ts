/** The languages of One Login, and so of our pages. */
export const languages = ['en', 'cy'] as const;

export type Language = (typeof languages)[number];

export function isLanguage(value: string | undefined): value is Language {
  return languages.some((language) => language === value);
}

/** Finds our language in a language tag, such as `cy` or `CY-gb` (RFC 5646, 2.1.1). */
export function findLanguage(tag: string): Language | undefined {
  const lower = tag.toLowerCase();
  return languages.find((language) => lower === language || lower.startsWith(`${language}-`));
}

export function otherLanguage(language: Language): Language {
  return language === 'en' ? 'cy' : 'en';
}
