import type { Mistake } from '../../lib/config/mistakes.ts';

/** Values of the example configs in `config/`, and reserved names, which have no owner (RFC 2606). */
const placeholders: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  { pattern: /^example\w*ClientId\d*$/, message: 'is an example: use the client id that One Login gave you' },
  { pattern: /\b(111122223333|444455556666|123456789012)\b/, message: 'has the account of an example' },
  {
    pattern: /(\b|[/@])apply-for-a-licence\.service\.gov\.uk\b/,
    message: 'has the host name of the example service',
  },
  {
    pattern: /(^|[/@.])(example\.(com|org|net|gov\.uk)|[\w-]+\.example)(?=$|[:/?#])/,
    message: 'has the host name of an example',
  },
  { pattern: /^0300 123 4567$/, message: 'is the telephone number of the example service' },
];

/**
 * Finds values that are still those of an example.
 *
 * @param value a config file, valid or not
 * @param path of the value
 */
export function findPlaceholders(value: unknown, path = ''): readonly Mistake[] {
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => findPlaceholders(entry, `${path}[${index}]`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([field, entry]) =>
      findPlaceholders(entry, path === '' ? field : `${path}.${field}`),
    );
  }
  if (typeof value !== 'string') return [];
  const found = placeholders.find(({ pattern }) => pattern.test(value));
  return found === undefined ? [] : [{ path, message: `${JSON.stringify(value)} ${found.message}` }];
}
