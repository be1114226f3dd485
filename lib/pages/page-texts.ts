import type { Language } from '../../lambdas/core/language.ts';
import { english } from './texts/english.ts';
import type { Texts } from './texts/text-types.ts';
import { welsh } from './texts/welsh.ts';

export const texts: Readonly<Record<Language, Texts>> = { en: english, cy: welsh };
