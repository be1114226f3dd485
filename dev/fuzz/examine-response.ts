/** What must hold for the response to whatever anybody sends. */
import assert from 'node:assert/strict';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { type ErrorCode, errorTable } from '../../lambdas/core/errors.ts';
import { languages } from '../../lambdas/core/language.ts';
import { securityHeaders } from '../../lambdas/http/security-headers.ts';
import { decodeHtml } from '../../test/support/html.ts';
import { leaksIn } from '../../test/support/leaks.ts';
import { issuer } from '../../test/support/provider-documents.ts';
import { pageNames, testPages } from '../../test/support/rendered-pages.ts';
import { mark } from './hostile-values.ts';
import { publicUrl, type World } from './world.ts';

const service = new URL(publicUrl).origin;
const allowedOrigins = [service, new URL(issuer).origin, 'https://forms.example'];
/** Calls of tables, of One Login and of waits. A sign-in needs about ten. */
const mostCalls = 25;
const mostLogLines = 20;
const longestLog = 16_384;
/** Pages have about 10 KB. The rest is for a `return_to` in several links. */
const longestBody = 262_144;

/**
 * @param side who sent what is hostile. What a caller sends never leads to 5xx, except for the errors that One Login may
 *   have sent as well
 */
export function examineResponse(
  world: World,
  response: APIGatewayProxyResult,
  side: 'caller' | 'provider',
): void {
  examineRefusals(world, response.statusCode, side);
  examineHeaders(response);
  examineBody(response);
  assert(world.countCalls() <= mostCalls, `the request made ${world.countCalls()} calls`);
  examineLog(world);
}

function examineRefusals({ logLines }: World, status: number, side: 'caller' | 'provider'): void {
  const refusals = logLines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'refused');
  for (const { code } of refusals) {
    const definition = errorTable[code as ErrorCode];
    assert(definition, `${code} is no code of the table`);
    assert.notEqual(code, 'unexpected', 'an unexpected error');
    assert(
      side === 'provider' || definition.fault === 'caller' || definition.fault === 'claimed',
      `${code} is no fault of a caller`,
    );
    assert.equal(status, definition.status);
  }
  assert(status < 500 || refusals.length === 1, `status ${status} without a reason in the log`);
}

function examineHeaders({ statusCode, headers = {}, multiValueHeaders = {} }: APIGatewayProxyResult): void {
  const exempt = statusCode >= 300 && statusCode < 400 ? ['Cross-Origin-Opener-Policy'] : [];
  for (const [name, value] of Object.entries(securityHeaders)) {
    if (exempt.includes(name)) continue;
    // The page that confirms a sign-out leads on to One Login.
    const actual = String(headers[name]);
    const expected =
      name === 'Content-Security-Policy' ? [value, value.replace(" form-action 'self';", '')] : [value];
    assert(expected.includes(actual), `${name}: ${actual}`);
  }
  const all = [...Object.entries(headers), ...Object.entries(multiValueHeaders)].flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => [name, String(each)] as const),
  );
  for (const [name, value] of all) {
    assert(/^[\w-]+$/.test(name) && /^[\x20-\x7e]*$/.test(value), `the header ${name} has another character`);
    assert(name.length + value.length < 10_240, `the header ${name} is too long`);
  }
  for (const cookie of [multiValueHeaders['Set-Cookie'] ?? []].flat().map(String)) {
    assert(
      /^__Host-one-login-(session|rounds|browser(-[\w-]{8})?)=[\w.-]*; Path=\/; Secure; HttpOnly; SameSite=Lax(; Max-Age=\d+)?$/.test(
        cookie,
      ),
      `Set-Cookie: ${cookie}`,
    );
  }
  if (headers['Location'] !== undefined) examineLocation(String(headers['Location']));
}

function examineLocation(location: string): void {
  assert(/^(https:\/\/|\/(?![/\\]))/.test(location), `Location: ${location}`);
  const url = new URL(location, publicUrl);
  assert(
    allowedOrigins.includes(url.origin) && url.username === '' && url.password === '',
    `Location: ${location}`,
  );
  if (!location.startsWith(`${issuer}authorize`)) return;
  assert.deepEqual(leaksIn(location, { mark }), [], 'One Login gets what the caller sent');
}

function examineBody({ statusCode, headers = {}, body }: APIGatewayProxyResult): void {
  assert(body.length < longestBody, `the body has ${body.length} characters`);
  const type = headers['Content-Type'];
  if (body === '') return;
  assert(statusCode < 300 || statusCode >= 400, 'a redirect has a body');
  if (type === 'application/json') JSON.parse(body);
  else {
    assert.equal(type, 'text/html; charset=utf-8');
    examinePage(body);
  }
}

/** The tags of a page and the names of their attributes, without any text and without any value. */
function readSkeleton(html: string): string {
  return html.replace(/="[^"]*"/g, '').replace(/>[^<]*/g, '>');
}

/** Attributes whose value is a URL. */
const urls = /\s(?:href|src|action|formaction)="([^"]*)"/g;

function listOrigins(html: string): readonly string[] {
  return [...html.matchAll(urls)].map(([, url = '']) => new URL(decodeHtml(url), publicUrl).origin);
}

let templates: { readonly skeletons: ReadonlySet<string>; readonly origins: ReadonlySet<string> } | undefined;

/** All pages, with values that cannot be mistaken for HTML. */
function readTemplates() {
  const values = { actionUrl: '/x', languageUrl: '/x', reference: 'x' };
  const pages = pageNames.flatMap((page) =>
    languages.map((language) => testPages(publicUrl).render(page, language, values)),
  );
  return { skeletons: new Set(pages.map(readSkeleton)), origins: new Set(pages.flatMap(listOrigins)) };
}

function examinePage(html: string): void {
  templates ??= readTemplates();
  for (const [, url = ''] of html.matchAll(urls))
    assert.doesNotMatch(url, /&(?!#?\w+;)/, 'a URL on a page is not escaped');
  assert(templates.skeletons.has(readSkeleton(html)), 'a page has other tags than its template');
  for (const origin of listOrigins(html)) {
    assert(allowedOrigins.includes(origin) || templates.origins.has(origin), `a page leads to ${origin}`);
  }
}

function examineLog(world: World): void {
  const { logLines, provider } = world;
  const text = logLines.join('\n');
  assert(
    logLines.length <= mostLogLines && text.length <= longestLog,
    `${logLines.length} lines, ${text.length} characters`,
  );
  for (const line of logLines) assert(!line.includes('\n'), 'a line of the log has a line break');
  assert.deepEqual(leaksIn(text, { mark }), [], 'the log contains what was sent');
  const accessTokens = provider.requests.flatMap(
    ({ headers }) => headers['authorization']?.slice('Bearer '.length) ?? [],
  );
  const secrets = {
    code: world.code,
    state: world.state,
    'session cookie': world.sessionCookie,
    'browser cookie': world.browserCookie.value,
    sub: provider.sub,
    email: 'somebody@example.com',
    ...Object.fromEntries(
      accessTokens.filter((token) => token.length > 6).map((token) => ['access token', token]),
    ),
  };
  assert.deepEqual(leaksIn(text, secrets), [], 'the log contains a secret');
}
