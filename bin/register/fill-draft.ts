import { isJsonObject, type JsonObject } from '../../lambdas/core/one-login/json-object.ts';
import { CommandError } from '../command.ts';
import type { Entry, EntryValue } from './registration.ts';

/** What became of a draft. */
export interface FilledDraft {
  readonly document: JsonObject;
  /** Attributes whose placeholders were replaced. */
  readonly filled: readonly string[];
  /** What a person has to see to before the document is sent back. */
  readonly open: readonly OpenPoint[];
}

export interface OpenPoint {
  readonly kind: 'contradiction' | 'missing' | 'placeholder';
  /** The path of it in the document, such as `RedirectUrls[0]`. */
  readonly attribute: string;
  readonly message: string;
}

/**
 * Such as `{REDIRECT_URI}`, as in One Login's documentation, `{{…}}`, `${…}` or `<…>`; nothing around it. One of its
 * samples has `CLIENT_NAME}`: one of the braces may be missing.
 */
const placeholder = /^\s*(\$?\{{1,2}[^{}]+\}{0,2}|[^{}]+\}{1,2}|<[^<>]+>)\s*$/;

/**
 * Replaces the placeholders of a draft that One Login sent. Everything else stays as it is: what contradicts the
 * registration is pointed out.
 *
 * @param text the draft
 * @throws CommandError when it is not a JSON object
 */
export function fillDraft(text: string, registration: readonly Entry[]): FilledDraft {
  const draft = parse(text);
  const filled: string[] = [];
  const open: OpenPoint[] = [];
  const members = Object.entries(draft).map(([attribute, value]): [string, unknown] => {
    const entry = registration.find((each) => sameName(each.attribute, attribute));
    if (isPlaceholder(value) && entry?.value !== undefined) {
      filled.push(attribute);
      return [attribute, Array.isArray(value) ? [entry.value].flat() : entry.value];
    }
    open.push(...findOpenPoints(attribute, value, entry));
    return [attribute, value];
  });
  const missing = registration.filter(
    ({ attribute }) => !Object.keys(draft).some((name) => sameName(name, attribute)),
  );
  open.push(...missing.map(missingPoint));
  return { document: Object.fromEntries(members), filled, open };
}

function parse(text: string): JsonObject {
  try {
    const draft: unknown = JSON.parse(text);
    if (isJsonObject(draft)) return draft;
  } catch (error) {
    const quotes = /[“”‘’]/.test(text)
      ? ': it has “typographic” quotes, as e-mail programs make them; replace them with "'
      : '';
    throw new CommandError(`--draft: the file is not JSON${quotes} (${(error as Error).message})`);
  }
  throw new CommandError('--draft: the file is not a JSON object');
}

/** One Login writes some names in more than one way: `PKCEEnforced` and `PkceEnforced`, `…Urls` and `…UrIs`. */
function sameName(one: string, other: string): boolean {
  const normal = (name: string) => name.toLowerCase().replace(/uris$/, 'urls');
  return normal(one) === normal(other);
}

/** A placeholder, or a list of nothing else. */
function isPlaceholder(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((each) => isPlaceholder(each));
  return typeof value === 'string' && placeholder.test(value);
}

function findOpenPoints(attribute: string, value: unknown, entry: Entry | undefined): readonly OpenPoint[] {
  const placeholders = placeholdersIn(attribute, value).map(
    (path): OpenPoint => ({ kind: 'placeholder', attribute: path, message: adviceFor(path, entry) }),
  );
  if (placeholders.length > 0) return placeholders;
  if (entry === undefined) return [];
  const mistake = typeof value === 'string' ? entry.mistakeOf?.(value) : undefined;
  if (mistake !== undefined) return [{ kind: 'contradiction', attribute, message: `${value} ${mistake}` }];
  if (entry.value === undefined || agrees(value, entry.value, entry)) return [];
  const message = `the draft has ${JSON.stringify(value)}, the config means ${JSON.stringify(entry.value)}`;
  return [{ kind: 'contradiction', attribute, message }];
}

function placeholdersIn(path: string, value: unknown): readonly string[] {
  if (typeof value === 'string') return placeholder.test(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((each, index) => placeholdersIn(`${path}[${index}]`, each));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, each]) => placeholdersIn(`${path}.${name}`, each));
}

function adviceFor(path: string, entry: Entry | undefined): string {
  if (sameName(path, 'PublicKey')) {
    return 'there is no fixed public key: ask One Login for PublicKeySource JWKS and JwksUrl in its place';
  }
  if (sameName(path, 'ClientSecret')) {
    return 'there is no client secret: ask One Login for TokenAuthMethod private_key_jwt';
  }
  if (entry === undefined) return 'nothing here knows what belongs there';
  if (entry.value !== undefined) return 'the list holds other things as well: fill it in by hand';
  return `say it by ${entry.note}`;
}

function missingPoint({ attribute, value }: Entry): OpenPoint {
  const what = value === undefined ? 'what you decided on' : JSON.stringify(value);
  return { kind: 'missing', attribute, message: `the draft does not have it: ask One Login to add ${what}` };
}

/** Lists count as sets. */
function agrees(found: unknown, meant: EntryValue, { mayHaveMore = false }: Entry): boolean {
  if (!Array.isArray(found) || !Array.isArray(meant)) return found === meant;
  return (
    meant.every((each) => found.includes(each)) &&
    (mayHaveMore || found.every((each) => meant.includes(each)))
  );
}
