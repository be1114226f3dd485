import type { Schema } from '../../lib/config/read-schema.ts';
import { describeDefault, wrapText } from './text.ts';

const generatedPart = /(<!-- generated: (.+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** Fills in the reference page: each `<!-- generated: … -->` lists the fields that follow it. */
export function fillReferencePage(page: string, { properties = {}, required = [] }: Schema): string {
  const missing = new Set(Object.keys(properties));
  const filled = page.replace(generatedPart, (_, start: string, list: string, end: string) => {
    const entries = list.split(', ').flatMap((name) => {
      const field = properties[name];
      if (field === undefined || !missing.delete(name)) {
        throw new Error(`docs/configuration.md lists ${name}, which is not in the schema or listed twice`);
      }
      return renderField(name, field, required.includes(name));
    });
    return `${start}\n${entries.join('\n\n')}\n\n${end}`;
  });
  if (missing.size > 0) throw new Error(`docs/configuration.md does not list ${[...missing].join(', ')}`);
  return filled;
}

/** The field itself, and all fields below it. */
function renderField(path: string, field: Schema, isRequired: boolean): readonly string[] {
  const { description = '', details = [], items } = field;
  const paragraphs = [description, describeValues(field, isRequired), ...details].filter(
    (each) => each !== '',
  );
  const entry = [`### \`${path}\``, ...paragraphs.map(wrapParagraph)].join('\n\n');
  const { properties = {}, required = [] } = items ?? field;
  // docs/pages.md has the pages and their texts.
  if (path === 'pageTexts') return [entry];
  const below = Object.entries(properties).flatMap(([name, child]) =>
    renderField(`${path}${items === undefined ? '' : '[]'}.${name}`, child, required.includes(name)),
  );
  return [entry, ...below];
}

function wrapParagraph(text: string): string {
  return text.startsWith('```') ? text : wrapText(text, 120).join('\n');
}

/** Describes which values are allowed, and which one a field has that is left out. */
function describeValues(field: Schema, isRequired: boolean): string {
  const allowed = describeAllowed(field);
  return [
    allowed === '' ? '' : `${allowed.charAt(0).toUpperCase()}${allowed.slice(1)}.`,
    isRequired ? 'Required.' : describeDefault(field),
  ]
    .filter((each) => each !== '')
    .join(' ');
}

/** Words for the formats of the schema. */
const formats: Readonly<Record<string, string>> = {
  'web-address': 'an https URL, without user name, query and fragment',
  'public-url': 'an https URL that ends with `/auth`, without user name, query and fragment',
  origin: 'an origin, without a path',
  page: 'a path of the service, or an absolute URL',
  link: 'a path of the service, an https URL, or `mailto:` and an email address',
};

function describeAllowed(field: Schema): string {
  const { items, enum: values, format, patternErrorMessage: pattern, maximum, maxLength, maxItems } = field;
  if (items !== undefined) {
    const entries = describeAllowed(items);
    const size = maxItems === undefined ? 'a list' : `a list of at most ${maxItems}`;
    return entries === '' ? size : `${size}. Each entry: ${entries}`;
  }
  if (values !== undefined) return `one of ${values.map((each) => `\`${each}\``).join(', ')}`;
  if (maximum !== undefined) {
    return `a whole number, ${(field.minimum ?? 0).toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
  }
  if (field.type === 'boolean') return '`true` or `false`';
  const words = [pattern?.replaceAll(/\S*[<{]\S*/g, '`$&`'), formats[format ?? '']];
  const length = maxLength === undefined ? undefined : `at most ${maxLength} characters`;
  return [...words, length].filter((each) => each !== undefined).join(', ');
}
