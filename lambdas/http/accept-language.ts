import { findLanguage, type Language } from '../core/language.ts';
import type { HttpRequest } from './request.ts';

/**
 * Reads which of our languages the browser prefers (RFC 9110, 12.5.4). English when it names neither.
 */
export function preferredLanguage(request: HttpRequest): Language {
  const ranges = (request.header('accept-language') ?? '').slice(0, longestHeader).split(',');
  const [best] = ranges
    .map(readRange)
    .filter(({ language, weight }) => language !== undefined && weight > 0)
    // The sort is stable: the first of equal weights is used.
    .sort((a, b) => b.weight - a.weight);
  return best?.language ?? 'en';
}

/** Far longer than what browsers send. */
const longestHeader = 1000;

function readRange(range: string): { readonly language: Language | undefined; readonly weight: number } {
  const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
  return {
    language: findLanguage(tag),
    weight: quality === undefined ? 1 : Number(quality) || 0,
  };
}
