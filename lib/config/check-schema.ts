import { Ajv, type ErrorObject } from 'ajv';
import { formatValue, type Mistake } from './mistakes.ts';
import { configSchema } from './read-schema.ts';
import { checkLink, checkOrigin, checkPage, checkPublicUrl, checkWebAddress } from './urls.ts';

/** The schema's formats. Each returns what is wrong with a text, or undefined. Editors ignore them. */
const formats: Readonly<Record<string, (value: string) => string | undefined>> = {
  'web-address': checkWebAddress,
  'public-url': checkPublicUrl,
  origin: checkOrigin,
  page: checkPage,
  link: checkLink,
};

const ajv = new Ajv({ allErrors: true, useDefaults: true, verbose: true });
ajv.addVocabulary(['patternErrorMessage', 'details', 'typeName']);
for (const [name, mistakeIn] of Object.entries(formats)) {
  ajv.addFormat(name, (value: string) => mistakeIn(value) === undefined);
}
const validate = ajv.compile(configSchema);

/**
 * Checks a config against `config/schema.json`, and fills in the schema's defaults.
 *
 * @param config changed in place
 * @returns every mistake
 */
export function checkSchema(config: unknown): readonly Mistake[] {
  if (validate(config)) return [];
  // Ajv also reports each entry that a `contains` did not match. The report of the `contains` itself is enough.
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
        path: joinPath(path, params['missingProperty']),
        message: `is missing. ${missing ?? ''}`.trim(),
      };
    }
    case 'additionalProperties':
      return {
        path: joinPath(path, params['additionalProperty']),
        message: `is not a field of the config; allowed here: ${Object.keys(properties).join(', ')}`,
      };
    case 'enum':
      return {
        path,
        message: `${formatValue(data)} is not allowed; allowed: ${params['allowedValues'].join(', ')}`,
      };
    case 'type':
      return {
        path,
        message: `${formatValue(data)} is not ${typeNames[params['type']]}. ${description ?? ''}`.trim(),
      };
    case 'pattern':
      return { path, message: `${formatValue(data)} is not allowed; allowed: ${patternErrorMessage}` };
    case 'format':
      return { path, message: `${formatValue(data)} ${formats[params['format']]?.(String(data))}` };
    case 'contains':
      return { path, message: `must include ${contains.const}. ${description}` };
    case 'minimum':
      return {
        path,
        message: `${formatValue(data)} is too small; the smallest allowed is ${params['limit']}`,
      };
    case 'maximum':
      return {
        path,
        message: `${formatValue(data)} is too large; the largest allowed is ${params['limit']}`,
      };
    case 'maxLength':
      return {
        path,
        message: `${formatValue(data)} is too long; at most ${params['limit']} characters are allowed`,
      };
    case 'minItems':
      return { path, message: `has too few entries; at least ${params['limit']} is needed` };
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
  boolean: 'true or false',
};

/** From a JSON pointer (RFC 6901), `/signingKeys/1/state`, to `signingKeys[1].state`. */
function readPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : joinPath(path, part)), '');
}

function joinPath(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
