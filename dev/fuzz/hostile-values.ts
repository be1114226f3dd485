/**
 * Hostile values, and changes that make a hostile message of a valid one. A change is plain data, so that fast-check can
 * shrink and print it, and applies to whatever message it is given.
 */
import fc from 'fast-check';

/**
 * In most hostile texts, so that a log that contains one can be found. In no text of the product. The dot keeps it from having
 * the form of an HTTP API's own request id, which may be any word.
 */
export const mark = 'Zq7xKw.MarkV9';

const awkward = [
  '"><script>alert(1)</script>',
  '\'"><img src=x onerror=alert(1)>',
  '</title><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '{{7*7}}${7*7}<%= 7*7 %>',
  "' OR '1'='1",
  '\r\nSet-Cookie: __Host-one-login-session=x',
  '\r\n\r\n<html>',
  '\u0000',
  '\ud800',
  '\u202e\u2066',
  '\ufeff',
  '\u00a0',
  'ﬀ＜＞／．',
  '👩🏽‍🚀',
  '%00%0d%0a%c0%af%2e%2e%2f',
  '%',
  '%zz',
  '../../../../etc/passwd',
  '//attacker.example/',
  '/\\attacker.example',
  'https://attacker.example/',
  'https://service.example@attacker.example/',
  'https://service.example.attacker.example/',
  '$(id)`id`',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '1e999',
  '[]',
  '{}',
  'true',
];

/** Something once in eight times, and undefined otherwise. */
export function rarely<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 7 }, { arbitrary, weight: 1 });
}

/** An unexpected text, often with the mark. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', ...awkward),
  fc.constantFrom(...awkward).map((text) => mark + text),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => mark + text),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text + mark),
  fc.string({ unit: fc.constantFrom(...'/\\.:?#@%&=;+-_~ <>"\'\t\r\nab01'), maxLength: 60 }),
  { arbitrary: fc.nat({ max: 9000 }).map((length) => mark + 'a'.repeat(length)), weight: 1 },
);

/** An unexpected JSON value. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, false, 0, -1, 1e308, 2 ** 53, 1.5, -0),
  fc.constantFrom<unknown>([], {}, [[]], [null], { length: 1 }, { toString: 1 }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A change of a text. Positions are taken modulo the length. */
export type TextChange =
  | { readonly do: 'replace by' | 'put before' | 'put behind'; readonly text: string }
  | { readonly do: 'insert' | 'replace from'; readonly at: number; readonly text: string }
  | { readonly do: 'cut off' | 'cut out' | 'double'; readonly at: number }
  | {
      readonly do:
        | 'upper case'
        | 'lower case'
        | 'percent-encode'
        | 'base64'
        | 'base64url'
        | 'reverse'
        | 'repeat';
    };

export const textChange: fc.Arbitrary<TextChange> = fc.oneof(
  fc.record({
    do: fc.constantFrom('replace by' as const, 'put before' as const, 'put behind' as const),
    text: hostileText,
  }),
  fc.record({
    do: fc.constantFrom('insert' as const, 'replace from' as const),
    at: fc.nat(),
    text: hostileText,
  }),
  fc.record({
    do: fc.constantFrom('cut off' as const, 'cut out' as const, 'double' as const),
    at: fc.nat(),
  }),
  fc.record({
    do: fc.constantFrom(
      'upper case' as const,
      'lower case' as const,
      'percent-encode' as const,
      'base64' as const,
      'base64url' as const,
      'reverse' as const,
      'repeat' as const,
    ),
  }),
);

export function changeText(text: string, change: TextChange): string {
  const at = 'at' in change ? change.at % (text.length + 1) : 0;
  switch (change.do) {
    case 'replace by':
      return change.text;
    case 'put before':
      return change.text + text;
    case 'put behind':
      return text + change.text;
    case 'insert':
      return text.slice(0, at) + change.text + text.slice(at);
    case 'replace from':
      return text.slice(0, at) + change.text;
    case 'cut off':
      return text.slice(0, at);
    case 'cut out':
      return text.slice(0, at) + text.slice(at + 1);
    case 'double':
      return text.slice(0, at) + text.slice(Math.max(0, at - 1));
    case 'upper case':
      return text.toUpperCase();
    case 'lower case':
      return text.toLowerCase();
    case 'percent-encode':
      return Buffer.from(text).toString('hex').replace(/../g, '%$&');
    case 'base64':
    case 'base64url':
      return Buffer.from(text).toString(change.do);
    case 'reverse':
      return text.split('').reverse().join('');
    case 'repeat':
      return text + text;
  }
}

/**
 * A change of a JSON value. It applies to the member that `at` chooses among all of them, however deep. What is added stands
 * beside it.
 */
export type JsonChange =
  | { readonly do: 'set' | 'duplicate'; readonly at: number; readonly value: unknown }
  | { readonly do: 'add'; readonly at: number; readonly name: string; readonly value: unknown }
  | { readonly do: 'remove' | 'wrap' | 'to text' | 'to number' | 'empty'; readonly at: number }
  | { readonly do: 'nest' | 'grow'; readonly at: number; readonly times: number }
  | { readonly do: 'text'; readonly at: number; readonly change: TextChange };

/** Names with a meaning in some message, where they should not be. */
const knownNames = [
  'aud',
  'azp',
  'nonce',
  'crit',
  'kid',
  'use',
  'key_ops',
  'd',
  'k',
  'p',
  'oth',
  'validUntil',
];

export const jsonChange: fc.Arbitrary<JsonChange> = fc.oneof(
  fc.record({
    do: fc.constantFrom('set' as const, 'duplicate' as const),
    at: fc.nat({ max: 200 }),
    value: hostileJson,
  }),
  fc.record({
    do: fc.constant('add' as const),
    at: fc.nat({ max: 200 }),
    name: fc.oneof(hostileText, fc.constantFrom(...knownNames)),
    value: hostileJson,
  }),
  fc.record({
    do: fc.constantFrom(
      'remove' as const,
      'wrap' as const,
      'to text' as const,
      'to number' as const,
      'empty' as const,
    ),
    at: fc.nat({ max: 200 }),
  }),
  fc.record({
    do: fc.constantFrom('nest' as const, 'grow' as const),
    at: fc.nat({ max: 200 }),
    times: fc.constantFrom(1, 14, 15, 16, 17, 300, 1000, 4001),
  }),
  fc.record({ do: fc.constant('text' as const), at: fc.nat({ max: 200 }), change: textChange }),
);

/** A value does not grow beyond this, more than twice what the core reads: the changes themselves would take long. */
const mostMembers = 5000;

type Container = Record<string, unknown>;

/** Every member below a value: the object or array that has it, and its name there. */
function listMembers(root: unknown): readonly (readonly [Container, string])[] {
  const members: (readonly [Container, string])[] = [];
  const left = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const container = value as Container;
    for (const name of Object.keys(container)) {
      members.push([container, name]);
      left.push(container[name]);
    }
  }
  return members;
}

/** A second member of the same name, which `JSON.stringify` can't write. */
const duplicates = 'duplicate of ';

/** @returns the changed value as JSON text */
export function writeChangedJson(valid: unknown, changes: readonly JsonChange[]): string {
  const root = { value: structuredClone(valid) };
  for (const change of changes) changeJson(root, change);
  return (JSON.stringify(root.value) ?? '').replaceAll(`"${duplicates}`, '"');
}

function changeJson(root: { value: unknown }, change: JsonChange): void {
  const members = listMembers(root.value);
  const [container, name] = members[change.at % Math.max(members.length, 1)] ?? [root as Container, 'value'];
  const value = container[name];
  switch (change.do) {
    case 'add':
      // An assignment to `__proto__` would change the prototype.
      Object.defineProperty(container, change.name, {
        value: structuredClone(change.value),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    case 'set':
      container[name] = structuredClone(change.value);
      break;
    case 'duplicate':
      container[`${duplicates}${name}`] = structuredClone(change.value);
      break;
    case 'remove':
      delete container[name];
      break;
    case 'wrap':
      container[name] = [value];
      break;
    case 'to text':
      container[name] = String(JSON.stringify(value));
      break;
    case 'to number':
      container[name] = Number.parseFloat(String(JSON.stringify(value)).replaceAll('"', '')) || 0;
      break;
    case 'empty':
      container[name] = typeof value === 'string' ? '' : Array.isArray(value) ? [] : {};
      break;
    case 'nest':
      // Deeper, `JSON.stringify` itself would overflow the stack.
      for (let depth = 0; depth < Math.min(change.times, 1000) && members.length < 1000; depth += 1)
        container[name] = [container[name]];
      break;
    case 'grow':
      if (typeof value === 'string')
        container[name] = value.repeat((change.times * 10) / (value.length + 1) + 1);
      else if (listMembers(value).length * change.times < mostMembers)
        container[name] = Array(change.times).fill(value);
      break;
    case 'text':
      container[name] = changeText(
        typeof value === 'string' ? value : String(JSON.stringify(value)),
        change.change,
      );
  }
}

/** A change of a text that is JSON, or of its encoding. */
export interface DocumentChange {
  readonly json: readonly JsonChange[];
  readonly text: readonly TextChange[];
}

/** Mostly changes of the value, which get past the parser. */
export const documentChange: fc.Arbitrary<DocumentChange> = fc.record({
  json: fc.array(jsonChange, { maxLength: 4 }),
  text: fc.oneof(
    { arbitrary: fc.constant([]), weight: 4 },
    { arbitrary: fc.array(textChange, { maxLength: 2 }), weight: 1 },
  ),
});

export function changeDocument(valid: unknown, { json, text }: DocumentChange): string {
  return text.reduce(changeText, writeChangedJson(valid, json));
}
