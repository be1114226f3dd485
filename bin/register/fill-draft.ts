import { isJsonObject, type JsonObject } from '../../lambdas/core/one-login/json-object.ts';
import { CommandError } from '../command.ts';
import type { Entry, EntryValue } from './registration.ts';

/** The result of filling in a draft. */
export interface FilledDraft {
  readonly document: JsonObject;
  /** The attributes whose placeholders were replaced. */
  readonly filled: readonly string[];
  /** What a person must solve before they send the document back. */
  readonly open: readonly OpenPoint[];
}

export interface OpenPoint {
  readonly kind: 'contradiction' | 'missing' | 'placeholder';
  /** Its path in the document, such as `RedirectUrls[0]`. */
  readonly attribute: string;
  readonly message: string;
}

/**
 * Matches `{REDIRECT_URI}`, as in One Login's documentation, `{{…}}`, `${…}` and `<…>`, with nothing around it. One of its
 * samples has `CLIENT_NAME}`, so a brace may be missing.
 */
const placeholder = /^\s*(\$?\{{1,2}[^{}]+\}{0,2}|[^{}]+\}{1,2}|<[^<>]+>)\s*$/;

/**
 * Replaces the placeholders of a draft from One Login. Everything else stays as it is, and the result lists what
 * contradicts the registration.
 *
 * @param text the draft
 * @throws CommandError if it is not a JSON object
 */
export function fillDraft(text: string, registration: readonly Entry[]): FilledDraft {
  const draft = parseDraft(text);
  const filled: string[] = [];
  const open: OpenPoint[] = [];
  const members = Object.entries(draft).map(([attribute, value]): [string, unknown] => {
    const entry = registration.find((each) => isSameName(each.attribute, attribute));
    if (isPlaceholder(value) && entry?.value !== undefined) {
      filled.push(attribute);
      return [attribute, Array.isArray(value) ? [entry.value].flat() : entry.value];
    }
    open.push(...findOpenPoints(attribute, value, entry));
    return [attribute, value];
  });
  const missing = registration.filter(
    ({ attribute }) => !Object.keys(draft).some((name) => isSameName(name, attribute)),
  );
  open.push(...missing.map(describeMissing));
  return { document: Object.fromEntries(members), filled, open };
}

function parseDraft(text: string): JsonObject {
  try {
    const draft: unknown = JSON.parse(text);
    if (isJsonObject(draft)) return draft;
  } catch (error) {
    const quotes = /[“”‘’]/.test(text)
      ? ': it has “typographic” quotes from an email program; replace them with "'
      : '';
    throw new CommandError(`--draft: the file is not JSON${quotes} (${(error as Error).message})`);
  }
  throw new CommandError('--draft: the file is not a JSON object');
}

/** One Login writes some names in more than one way: `PKCEEnforced` and `PkceEnforced`, `…Urls` and `…UrIs`. */
function isSameName(one: string, other: string): boolean {
  const normal = (name: string) => name.toLowerCase().replace(/uris$/, 'urls');
  return normal(one) === normal(other);
}

/** A placeholder, or a list of placeholders only. */
function isPlaceholder(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => isPlaceholder(each));
  return typeof value === 'string' && placeholder.test(value);
}

function findOpenPoints(attribute: string, value: unknown, entry: Entry | undefined): readonly OpenPoint[] {
  const placeholders = findPlaceholders(attribute, value).map(
    (path): OpenPoint => ({ kind: 'placeholder', attribute: path, message: buildAdvice(path, entry) }),
  );
  if (placeholders.length > 0) return placeholders;
  if (entry === undefined) return [];
  const mistake = typeof value === 'string' ? entry.findMistake?.(value) : undefined;
  if (mistake !== undefined) return [{ kind: 'contradiction', attribute, message: `${value} ${mistake}` }];
  if (entry.value === undefined || matches(value, entry.value, entry)) return [];
  const message = `the draft has ${JSON.stringify(value)}, the config has ${JSON.stringify(entry.value)}`;
  return [{ kind: 'contradiction', attribute, message }];
}

function findPlaceholders(path: string, value: unknown): readonly string[] {
  if (typeof value === 'string') return placeholder.test(value) ? [path] : [];
  if (Array.isArray(value))
    return value.flatMap((each, index) => findPlaceholders(`${path}[${index}]`, each));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => findPlaceholders(`${path}.${name}`, each));
}

function buildAdvice(path: string, entry: Entry | undefined): string {
  if (isSameName(path, 'PublicKey')) {
    return 'there is no fixed public key: ask One Login for PublicKeySource JWKS and JwksUrl instead';
  }
  if (isSameName(path, 'ClientSecret')) {
    return 'there is no client secret: ask One Login for TokenAuthMethod private_key_jwt';
  }
  if (entry === undefined) return 'the config has no value for it';
  if (entry.value !== undefined) return 'the list has other entries too: fill it in yourself';
  return `set it with ${entry.note}`;
}

function describeMissing({ attribute, value }: Entry): OpenPoint {
  const what = value === undefined ? 'what you decided' : JSON.stringify(value);
  return { kind: 'missing', attribute, message: `the draft does not have it: ask One Login to add ${what}` };
}

/** Compares values, lists without regard to order. */
function matches(found: unknown, meant: EntryValue, { mayHaveMore = false }: Entry): boolean {
  if (!Array.isArray(found) || !Array.isArray(meant)) return found === meant;
  return (
    meant.every((each) => found.includes(each)) &&
    (mayHaveMore || found.every((each) => meant.includes(each)))
  );
}
