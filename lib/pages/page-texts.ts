import type { Language } from '../../lambdas/http/pages/page-file.ts';
import { english } from './texts/english.ts';
import type { Texts } from './texts/text-types.ts';
import { welsh } from './texts/welsh.ts';

export const texts: Readonly<Record<Language, Texts>> = { en: english, cy: welsh };
