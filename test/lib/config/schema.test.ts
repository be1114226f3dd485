import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { generateFiles } from '../../../dev/generate/generate-files.ts';
import { authorizerClaims } from '../../../lambdas/authorizer/context.ts';
import { vectorsOfTrust } from '../../../lambdas/core/one-login/vector-of-trust.ts';
import { configSchema, type Schema } from '../../../lib/config/read-schema.ts';
import { english } from '../../../lib/pages/texts/english.ts';

const { properties = {} } = configSchema;

describe('config/schema.json', () => {
  it.each(
    generateFiles().map(({ path, text }) => [path.pathname.split('/').slice(-2).join('/'), path, text]),
  )('is what %s was generated from (if not, run `npm run generate`)', (_, path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  // id: config-fields-described
  it('describes every field with a sentence', () => {
    expect(findFieldsWithoutDescription(configSchema)).toEqual([]);
  });

  it('lists the pages and API Gateway pages, with an action where the page has one', () => {
    const { 'sign-in-needed': _, 'access-denied': __, ...gatewayPages } = english.gatewayPages;
    const pages = Object.entries({ ...english.pages, ...gatewayPages });

    expect(readTextFields('en')).toEqual(readTextFields('cy'));
    expect(readTextFields('en')).toEqual(
      Object.fromEntries(pages.map(([name, text]) => [name, Object.keys(text)])),
    );
  });

  it('lists the vectors of trust that the functions accept, and each for an authorizer', () => {
    const { authentication, identity, authorizers } = properties;
    const vectors = [authentication, identity].flatMap(
      (field) => field?.properties?.['vtr']?.items?.enum ?? [],
    );

    expect(vectors).toEqual(vectorsOfTrust);
    expect(authorizers?.items?.properties?.['level']?.enum).toEqual(vectorsOfTrust);
  });

  it('lists the claims that an authorizer can pass on', () => {
    expect(properties['authorizers']?.items?.properties?.['claims']?.items?.enum).toEqual(authorizerClaims);
  });
});

function findFieldsWithoutDescription({ properties: fields = {} }: Schema): readonly string[] {
  return Object.entries(fields)
    .filter(([name]) => name !== 'pageTexts')
    .flatMap(([name, field]) => [
      ...(field.description?.endsWith('.') ? [] : [name]),
      ...findFieldsWithoutDescription(field.items ?? field),
    ]);
}

function readTextFields(language: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(properties['pageTexts']?.properties ?? {}).map(([name, page]) => [
      name,
      Object.keys(page.properties?.[language]?.properties ?? {}),
    ]),
  );
}
