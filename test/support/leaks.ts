import { escapeHtml } from '../../lambdas/http/pages/page.ts';

/** What must not be found, by what it is called in a message. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * Looks for secrets in a text: as they are, and in every form that a text is brought into on its way through URLs, JSON,
 * pages, tokens and tables.
 *
 * @returns which was found, and how; empty when there is none
 */
export function leaksIn(text: string, secrets: Secrets): readonly string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = Object.entries(listForms(secret)).filter(([, form]) => text.includes(form));
    return forms.map(([form]) => `${name} (${form})`);
  });
}

/** Everything in the rows of tables as one text, binary values as their bytes. */
export function collectText(dump: unknown): string {
  return [JSON.stringify(dump), ...binaryIn(dump)].join('\n');
}

function binaryIn(value: unknown): string[] {
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('latin1')];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(binaryIn) : [];
}

/** The forms of a secret by name. There are three of base64, which depend on the preceding bytes. */
function listForms(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const form = String(new URLSearchParams({ '': secret })).slice(1);
  return {
    'as it is': secret,
    'as bytes': bytes.toString('latin1'),
    'as JSON': json,
    'as JSON in JSON': JSON.stringify(json).slice(1, -1),
    'as HTML': escapeHtml(secret),
    'percent-encoded': encodeURIComponent(secret),
    'percent-encoded in lower case': encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase()),
    'as a form': form,
    'percent-encoded twice': encodeURIComponent(encodeURIComponent(secret)),
    'as hexadecimal digits': bytes.toString('hex'),
    'as base64': base64(bytes, 0),
    'as base64, one byte later': base64(bytes, 1),
    'as base64, two bytes later': base64(bytes, 2),
    'as base64url': toUrlSafe(base64(bytes, 0)),
    'as base64url, one byte later': toUrlSafe(base64(bytes, 1)),
    'as base64url, two bytes later': toUrlSafe(base64(bytes, 2)),
  };
}

/** The characters that are made of these bytes alone when that many others stand before. */
function base64(bytes: Buffer, before: 0 | 1 | 2): string {
  const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

function toUrlSafe(text: string): string {
  return text.replaceAll('+', '-').replaceAll('/', '_');
}
