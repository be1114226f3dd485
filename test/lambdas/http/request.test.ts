import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { languageParameter, queryParameter, readForm, readRequest } from '../../../lambdas/http/request.ts';
import { apiEvent } from '../../support/api-event.ts';

const read = (event: Partial<Record<keyof APIGatewayProxyEvent, unknown>>) =>
  readRequest({ ...apiEvent({ path: '/x' }), ...event } as APIGatewayProxyEvent);

describe('a request', () => {
  test('has a header only if it came once, whatever the case of its name', () => {
    const multiValueHeaders = {
      Origin: ['https://a.example', 'https://b.example'],
      'Sec-Fetch-Site': ['same-origin'],
      'sec-fetch-site': ['cross-site'],
      'X-ONE': ['1'],
      'X-None': null,
    };
    const request = read({ multiValueHeaders });
    expect(request.header('origin')).toBeUndefined();
    expect(request.header('Sec-Fetch-Site')).toBeUndefined();
    expect(request.header('x-One')).toBe('1');
    expect(request.header('x-none')).toBeUndefined();
  });

  test('has all cookies of all headers', () => {
    const request = read({ multiValueHeaders: { Cookie: ['a=1', 'b=2'], cookie: ['c=3'] } });
    expect(request.cookieHeaders).toEqual(['a=1', 'b=2', 'c=3']);
  });

  // id: duplicate-parameters-ignored
  test('has a parameter only if it came once', () => {
    const request = read({
      multiValueQueryStringParameters: { one: ['1'], two: ['1', '2'], none: null },
    });
    expect(queryParameter(request, 'one')).toBe('1');
    for (const name of ['two', 'none', 'other', '__proto__', 'constructor']) {
      expect(queryParameter(request, name)).toBeUndefined();
    }
  });

  test.each<[string[], 'en' | 'cy' | undefined]>([
    [['cy'], 'cy'],
    [['en'], 'en'],
    [['CY'], 'cy'],
    [['cy-GB'], 'cy'],
    [['EN-gb'], 'en'],
    [['cy', 'cy'], 'cy'],
    [['en', 'cy'], 'cy'],
    [['cy', 'en'], 'en'],
    [['cy', 'fr'], undefined],
    [['cymraeg'], undefined],
    [['fr-cy'], undefined],
    [[''], undefined],
  ])('has the language that lang names last, in any spelling: %j is %s', (lang, language) => {
    expect(languageParameter(read({ multiValueQueryStringParameters: { lang } }), 'lang')).toBe(language);
  });

  // id: odd-parameter-names
  test('has parameters of any name, also of the names that objects have', () => {
    const query = JSON.parse('{"__proto__": ["1"], "constructor": ["2"]}');
    const request = read({ multiValueQueryStringParameters: query });
    expect(queryParameter(request, '__proto__')).toBe('1');
    expect(queryParameter(request, 'constructor')).toBe('2');
  });

  test('has its body as text, also when API Gateway encodes it in base64', () => {
    const body = Buffer.from('name=ŵ').toString('base64');
    expect(read({ body, isBase64Encoded: true }).body(7)).toBe('name=ŵ');
    expect(read({ body, isBase64Encoded: false }).body(99)).toBe(body);
    expect(read({ body: null, isBase64Encoded: true }).body(0)).toBe('');
    expect(read({ body: null, isBase64Encoded: false }).body(0)).toBe('');
  });

  test.each([
    ['as it is', 'name=ŵ', false],
    ['in base64', Buffer.from('name=ŵ78').toString('base64'), true],
  ])('whose body is too long, %s, is refused before it is decoded', (_, body, isBase64Encoded) => {
    expect(() => read({ body, isBase64Encoded }).body(6)).toThrow('the body has more than 6 bytes');
  });

  test('may have neither query nor headers', () => {
    const request = read({ multiValueHeaders: null, multiValueQueryStringParameters: null });
    expect(request.cookieHeaders).toEqual([]);
    expect([...request.query]).toEqual([]);
  });
});

describe('a form', () => {
  const form = (body: string, contentType = 'application/x-www-form-urlencoded') =>
    readForm(read({ body, multiValueHeaders: { 'Content-Type': [contentType] } }));

  test('has every value of each field, decoded', () => {
    expect([...form('a=1&b=%C5%B5+x&a=2&c')]).toEqual([
      ['a', ['1', '2']],
      ['b', ['ŵ x']],
      ['c', ['']],
    ]);
  });

  test.each(['application/x-www-form-urlencoded; charset=UTF-8', 'Application/X-WWW-Form-Urlencoded ;x'])(
    'may have the content type %s',
    (contentType) => {
      expect([...form('a=1', contentType)]).toEqual([['a', ['1']]]);
    },
  );

  test.each([
    ['another content type', { 'Content-Type': ['text/plain'] }],
    ['two content types', { 'Content-Type': Array(2).fill('application/x-www-form-urlencoded') }],
    ['none', {}],
  ])('is refused with %s', (_, multiValueHeaders) => {
    expect(() => readForm(read({ body: 'a=1', multiValueHeaders }))).toThrow(
      'the Content-Type is not application/x-www-form-urlencoded',
    );
  });

  test('has 65,536 bytes at most', () => {
    expect(form(`a=${'x'.repeat(65_534)}`).get('a')?.[0]).toHaveLength(65_534);
    expect(() => form(`a=${'x'.repeat(65_535)}`)).toThrow('more than 65536 bytes');
    expect(() => form(`a=${'ŵ'.repeat(32_768)}`)).toThrow('more than 65536 bytes');
  });

  // id: form-field-limit
  test('has 100 fields at most, whatever their names', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, index) => `${index}=`).join('&');
    expect(form(fields(100)).size).toBe(100);
    for (const body of [fields(101), 'a=1&'.repeat(101), '&'.repeat(101)]) {
      expect(() => form(body)).toThrow('more than 100 fields');
    }
  });
});
