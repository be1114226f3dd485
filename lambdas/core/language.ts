/** The languages of One Login, and so of our pages. */
export const languages = ['en', 'cy'] as const;

export type Language = (typeof languages)[number];

export function isLanguage(value: string | undefined): value is Language {
  return languages.some((language) => language === value);
}

export function otherLanguage(language: Language): Language {
  return language === 'en' ? 'cy' : 'en';
}
