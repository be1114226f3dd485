import type { Schema } from '../../lib/config/read-schema.ts';
import { describeDefault, wrapText } from './text.ts';

const generatedPart = /(<!-- fields: (.+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The fields of each part of the page, in their order. */
const parts: Readonly<Record<string, readonly string[]>> = {
  deployment: [
    '$schema',
    'name',
    'environment',
    'region',
    'account',
    'apiGatewayLogRole',
    'logRetentionDays',
    'auditRetentionDays',
  ],
  service: [
    'serviceName',
    'serviceNameWelsh',
    'contact',
    'phaseBanner',
    'footerLinks',
    'pageTexts',
    'serviceUrl',
    'publicUrl',
    'cookieName',
    'defaultPage',
    'signedOutUrl',
    'exampleService',
    'returnOrigins',
  ],
  front: ['domain', 'cloudFront', 'firewall'],
  capacity: ['throttling', 'reservedConcurrency'],
  request: ['clientId', 'scopes', 'authentication', 'identity', 'journeys', 'idTokenSigningAlgorithm'],
  keys: ['signingKeys', 'publishedKeys', 'signingKeyDeletionRoles'],
  sessions: ['session'],
  apis: ['authorizers'],
  alarms: ['alarms', 'canary'],
  provider: ['provider'],
};

/** Fills in the reference page: each `<!-- fields: … -->` begins a part. */
export function fillReferencePage(page: string, { properties = {}, required = [] }: Schema): string {
  const missing = new Set(Object.keys(properties));
  const prose = page.replaceAll(generatedPart, '');
  const fields = new FieldList(prose);
  const filled = page.replace(generatedPart, (_, start: string, part: string, end: string) => {
    const entries = (parts[part] ?? []).map((name) => {
      const field = properties[name];
      if (field === undefined || !missing.delete(name)) {
        throw new Error(`${name} is not in the schema, or twice in docs/configuration.md`);
      }
      return fields.render(name, field, required.includes(name));
    });
    return `${start}\n${entries.join('\n\n')}\n\n${end}`;
  });
  if (missing.size > 0) throw new Error(`docs/configuration.md does not list ${[...missing].join(', ')}`);
  return filled;
}

/** Fields whose details link to the page or file that has the fields below them. */
const describedElsewhere: ReadonlySet<string> = new Set(['pageTexts', 'publishedKeys', 'provider']);

/** Renders fields. Long values that an earlier field has are not repeated. */
class FieldList {
  readonly #prose: string;
  /** Values in words → the field that had them first. */
  readonly #seen = new Map<string, string>();

  constructor(prose: string) {
    this.#prose = prose;
  }

  /** A field with a heading, and the fields below it as a list. */
  render(path: string, field: Schema, isRequired: boolean): string {
    const { description = '', details = [] } = field;
    const shared = findSharedValues(field);
    const values = [this.#describeValues(path, field, isRequired), shared === '' ? '' : `Each is ${shared}.`];
    const paragraphs = [description, values.join(' ').trim(), ...details].filter((each) => each !== '');
    const below = describedElsewhere.has(path) ? [] : this.#renderBelow(path, field, '', shared);
    return [
      `### \`${path}\``,
      ...paragraphs.map(wrapParagraph),
      ...(below.length === 0 ? [] : [below.join('\n')]),
    ].join('\n\n');
  }

  /** All fields below a field, an entry of a list for each. Their paths begin there. */
  #renderBelow(root: string, field: Schema, path: string, shared: string): readonly string[] {
    const { properties = {}, required = [] } = field.items ?? field;
    return Object.entries(properties).flatMap(([name, child]) => {
      const { description = '', details = [] } = child;
      const sharedBelow = findSharedValues(child);
      const values = this.#describeValues(`${root}.${path}${name}`, child, required.includes(name), shared);
      const each = sharedBelow === '' ? '' : `Each is ${sharedBelow}.`;
      const text = [`\`${path}${name}\`:`, description, values, each, ...details].filter(
        (part) => part !== '',
      );
      return [
        wrapText(`- ${text.join(' ')}`, 118).join('\n  '),
        ...this.#renderBelow(
          root,
          child,
          `${path}${name}${child.items === undefined ? '' : '[]'}.`,
          sharedBelow,
        ),
      ];
    });
  }

  /** Describes which values are allowed, unless they are the shared ones, and which one a field has that is left out. */
  #describeValues(path: string, field: Schema, isRequired: boolean, shared = ''): string {
    const allowed = this.#isListed(field) ? '' : describeAllowed(field);
    const first = this.#seen.get(allowed);
    if (first === undefined && allowed.length > 40) this.#seen.set(allowed, path);
    return [
      allowed === '' || allowed === shared
        ? ''
        : first === undefined
          ? `${allowed.charAt(0).toUpperCase()}${allowed.slice(1)}.`
          : `Values: as \`${first}\`.`,
      isRequired
        ? 'Required.'
        : field.type === 'array' && String(field.default) === ''
          ? ''
          : describeDefault(field),
    ]
      .filter((each) => each !== '')
      .join(' ');
  }

  /** Whether the description or the page itself has every value. */
  #isListed({ items, enum: values = items?.enum, description = '' }: Schema): boolean {
    const has = (text: string) => values?.every((each) => text.includes(`\`${each}\``)) ?? false;
    return has(description) || has(this.#prose);
  }
}

/** Which values are allowed for every field below, if these are the same. */
function findSharedValues(field: Schema): string {
  const children = Object.values(field.properties ?? {});
  const [first = '', ...others] = new Set(children.map(describeAllowed));
  return children.length > 1 && others.length === 0 ? first : '';
}

function wrapParagraph(text: string): string {
  return text.startsWith('```') ? text : wrapText(text, 120).join('\n');
}

/** Words for the formats of the schema. The page explains them at its beginning. */
const formats: Readonly<Record<string, string>> = {
  'web-address': 'a URL',
  'public-url': 'a URL that ends with `/auth`',
  origin: 'an origin, without a path',
  page: 'a page',
  link: 'a link',
};

function describeAllowed(field: Schema): string {
  const { items, enum: values, format, patternErrorMessage: pattern, maximum, maxLength, maxItems } = field;
  if (items !== undefined) {
    const size = maxItems === undefined ? '' : `at most ${maxItems} entries`;
    const entries = describeAllowed(items).replace(/^one of /, 'a list of ');
    return [items.enum === undefined && entries !== '' ? `a list. Each entry: ${entries}` : entries, size]
      .filter((each) => each !== '')
      .join(', ');
  }
  if (values !== undefined) return `one of ${values.map((each) => `\`${each}\``).join(', ')}`;
  if (maximum !== undefined) {
    return `a whole number, ${(field.minimum ?? 0).toLocaleString('en')} to ${maximum.toLocaleString('en')}`;
  }
  // The description contains what true means.
  if (field.type === 'boolean') return '';
  // The page explains texts at its beginning.
  if (pattern?.startsWith('text on one line')) return '';
  const name = 'lower-case letters, digits and single hyphens';
  const words = [pattern?.replace(name, 'a name')?.replaceAll(/\S*[<{]\S*/g, '`$&`'), formats[format ?? '']];
  const length = maxLength === undefined ? undefined : `at most ${maxLength} characters`;
  return [...words, length].filter((each) => each !== undefined).join(', ');
}
