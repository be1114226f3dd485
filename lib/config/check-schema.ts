import { Ajv, type ErrorObject } from 'ajv';
import { secretMembers } from '../../lambdas/core/one-login/secret-members.ts';
import { formatValue, type Mistake } from './mistakes.ts';
import { configSchema } from './read-schema.ts';
import { suggest } from './suggest.ts';
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
  const { missingProperty, additionalProperty = missingProperty } = error.params;
  return {
    path: additionalProperty === undefined ? path : joinPath(path, additionalProperty),
    message: describeViolation(error).trim(),
  };
}

function describeViolation({
  keyword,
  params,
  data,
  parentSchema = {},
  message,
  instancePath,
}: ErrorObject): string {
  const { patternErrorMessage, description = '', contains, properties = {} } = parentSchema;
  const { limit } = params;
  const value = isSecretPlace(instancePath) ? 'it' : formatValue(data);
  switch (keyword) {
    case 'required':
      return `is missing. ${properties[params['missingProperty']]?.description ?? ''}`;
    case 'additionalProperties':
      if (isSecretPlace(instancePath) && secretMembers.includes(params['additionalProperty'])) {
        return 'is part of a private key, which must stay secret. Only list public keys, and replace this one if others have seen the file';
      }
      return `is not a field of the config${formatSuggestion(params['additionalProperty'], Object.keys(properties))}; allowed here: ${Object.keys(properties).join(', ')}`;
    case 'enum':
      return `${value} is not allowed${formatSuggestion(data, params['allowedValues'])}; allowed: ${params['allowedValues'].join(', ')}`;
    case 'type':
      return `${value} is not ${typeNames[params['type']]}. ${description}`;
    case 'pattern':
      return `${value} is not allowed; allowed: ${patternErrorMessage}`;
    case 'format':
      return `${value} ${formats[params['format']]?.(String(data))}`;
    case 'contains':
      return `must include ${contains.const}. ${description}`;
    case 'minimum':
      return `${value} is too small; the smallest allowed is ${limit}`;
    case 'maximum':
      return `${value} is too large; the largest allowed is ${limit}`;
    case 'maxLength':
      return `${value} is too long; at most ${limit} characters are allowed`;
    case 'minItems':
      return `has too few entries; at least ${limit} is needed`;
    case 'maxItems':
      return `has too many entries; at most ${limit} are allowed`;
    case 'uniqueItems':
      return `entries ${params['j']} and ${params['i']} are the same`;
    default:
      return message ?? `breaks the schema's "${keyword}"`;
  }
}

/** Whether the value may be a private key, which no message may show. */
function isSecretPlace(pointer: string): boolean {
  return pointer.startsWith('/publishedKeys');
}

function formatSuggestion(word: unknown, allowed: readonly string[]): string {
  const suggestion = typeof word === 'string' ? suggest(word, allowed) : undefined;
  return suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
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
