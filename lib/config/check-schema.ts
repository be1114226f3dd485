import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { type Mistake, show } from './mistakes.ts';
import { linkMistake, originMistake, pageMistake, publicUrlMistake, webAddressMistake } from './urls.ts';

const schema = JSON.parse(readFileSync(new URL('../../config/schema.json', import.meta.url), 'utf8'));

/** The schema's formats: each says what is wrong with a text, or undefined. Editors pass over them. */
const formats: Readonly<Record<string, (value: string) => string | undefined>> = {
  'web-address': webAddressMistake,
  'public-url': publicUrlMistake,
  origin: originMistake,
  page: pageMistake,
  link: linkMistake,
};

const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true });
// What VS Code shows when a pattern does not match. Our messages use it as well.
ajv.addVocabulary(['patternErrorMessage']);
for (const [name, mistakeIn] of Object.entries(formats)) {
  ajv.addFormat(name, (value: string) => mistakeIn(value) === undefined);
}
const validate = ajv.compile(schema);

/**
 * Holds a config against `config/schema.json`, and fills in the schema's defaults.
 *
 * @param config changed in place
 * @returns every mistake
 */
export function checkSchema(config: unknown): readonly Mistake[] {
  if (validate(config)) return [];
  // A `contains` that fails reports each entry that is not the one looked for, and then itself, which suffices.
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'const').map(describeMistake);
}

function describeMistake(error: ErrorObject): Mistake {
  const path = readPath(error.instancePath);
  const { params, data } = error;
  const { patternErrorMessage, description, contains, properties = {} } = error.parentSchema ?? {};
  switch (error.keyword) {
    case 'required': {
      const { description: missing } = properties[params['missingProperty']] ?? {};
      return {
        path: joined(path, params['missingProperty']),
        message: `is missing. ${missing ?? ''}`.trim(),
      };
    }
    case 'additionalProperties':
      return {
        path: joined(path, params['additionalProperty']),
        message: `is not a field of the config; here are allowed: ${Object.keys(properties).join(', ')}`,
      };
    case 'enum':
      return {
        path,
        message: `${show(data)} is not allowed; allowed: ${params['allowedValues'].join(', ')}`,
      };
    case 'type':
      return { path, message: `${show(data)} is not ${named(params['type'])}. ${description ?? ''}`.trim() };
    case 'pattern':
      return { path, message: `${show(data)} is not allowed; allowed: ${patternErrorMessage}` };
    case 'format':
      return { path, message: `${show(data)} ${formats[params['format']]?.(String(data))}` };
    case 'contains':
      return { path, message: `must hold ${contains.const}. ${description}` };
    case 'minimum':
      return { path, message: `${show(data)} is too small; the smallest allowed is ${params['limit']}` };
    case 'maximum':
      return { path, message: `${show(data)} is too large; the largest allowed is ${params['limit']}` };
    case 'maxLength':
      return {
        path,
        message: `${show(data)} is too long; at most ${params['limit']} characters are allowed`,
      };
    case 'minItems':
      return { path, message: `has too few entries; at least ${params['limit']} must be there` };
    case 'maxItems':
      return { path, message: `has too many entries; at most ${params['limit']} are allowed` };
    case 'uniqueItems':
      return { path, message: `entries ${params['j']} and ${params['i']} are the same` };
    default:
      return { path, message: error.message ?? `breaks the schema's "${error.keyword}"` };
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  array: 'a list',
  object: 'an object',
};

function named(type: string): string {
  return typeNames[type] ?? type;
}

/** From a JSON pointer (RFC 6901), `/signingKeys/1/state`, to `signingKeys[1].state`. */
function readPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : joined(path, part)), '');
}

function joined(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
