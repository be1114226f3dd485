import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { OneLoginIdentity, OneLoginUser } from '../../client/index.ts';
import type { UserInfoClaims } from '../../lambdas/core/one-login/userinfo.ts';
import type { JsonObject } from '../../local/template/json.ts';
import { prepareRoutes } from '../support/all-routes.ts';
import { WebBrowser } from '../support/web-browser.ts';
import { useService } from './use-service.ts';

const service = await useService();
const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
const ajv = new Ajv2020({ strict: false, formats: { uri: URL.canParse, date: /^\d{4}-\d{2}-\d{2}$/ } });
ajv.addSchema(closeSchemas(document), 'openapi');

/** Services must expect fields to be added. Here, a field that is not documented is a mistake. */
function closeSchemas(value: unknown): object {
  if (Array.isArray(value)) return value.map((item) => (Object(item) === item ? closeSchemas(item) : item));
  const members = Object.entries(Object(value)).map(([name, member]) => [
    name,
    Object(member) === member ? closeSchemas(member) : member,
  ]);
  const closed = Object.fromEntries(members);
  return closed.type === 'object' && closed.properties ? { ...closed, additionalProperties: false } : closed;
}

/** The names in the type of the client. */
const userFields: Readonly<Record<keyof OneLoginUser | keyof UserInfoClaims, true>> = {
  sub: true,
  email: true,
  email_verified: true,
  phone_number: true,
  phone_number_verified: true,
  wallet_subject_id: true,
  vot: true,
  auth_time: true,
  'https://vocab.account.gov.uk/v1/address': true,
  'https://vocab.account.gov.uk/v1/passport': true,
  'https://vocab.account.gov.uk/v1/drivingPermit': true,
  'https://vocab.account.gov.uk/v1/returnCode': true,
  identity: true,
  session: true,
};
const identityFields: Readonly<Record<keyof OneLoginIdentity, true>> = {
  outcome: true,
  vot: true,
  reason: true,
  claims: true,
  names: true,
  birth_dates: true,
  return_codes: true,
};

type Operation = { readonly responses: Readonly<Record<string, { readonly content?: object }>> };
const operations: Readonly<Record<string, Operation>> = Object.fromEntries(
  Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
  ),
);
const checked = new Set<string>();

/** Compares a response with the document. */
function check(operation: string, status: number, text: string): void {
  const [method = '', path = ''] = operation.split(' ');
  const key = [`${status}`, `${status}`.replace(/..$/, 'XX')].find(
    (each) => operations[operation]?.responses[each],
  );
  if (key === undefined) throw new Error(`${operation} ${status} is not documented: ${text}`);
  checked.add(`${operation} ${key}`);
  if (operations[operation]?.responses[key]?.content === undefined) return;
  const pointer = [
    'paths',
    path,
    method.toLowerCase(),
    'responses',
    key,
    'content',
    'application/json',
    'schema',
  ];
  const validate = ajv.getSchema(`openapi#/${pointer.map((part) => part.replaceAll('/', '~1')).join('/')}`);
  if (validate === undefined) throw new Error(`${operation} ${key} has no schema`);
  if (!validate(JSON.parse(text))) {
    throw new Error(`${operation} ${status}: ${ajv.errorsText(validate.errors)} in ${text}`);
  }
}

async function ask(
  path: string,
  browser = new WebBrowser(),
  init: RequestInit = {},
): Promise<[number, string]> {
  const cookie = browser.cookies.headerFor(new URL(service.url)) ?? '';
  const headers = { cookie, ...init.headers };
  const response = await fetch(`${service.publicUrl}${path}`, { redirect: 'manual', ...init, headers });
  return [response.status, await response.text()];
}

describe('docs/openapi.json', () => {
  test('describes the fields that the type of the client has', () => {
    const { User, Identity } = document.components.schemas;

    expect(Object.keys(User.properties).sort()).toEqual(Object.keys(userFields).sort());
    expect(Object.keys(Identity.properties).sort()).toEqual(Object.keys(identityFields).sort());
  });

  test('describes what userinfo returns for every person of the stand-in', async () => {
    for (const { id: person, identityOutcome } of service.standIn.people) {
      // Others come back from an in-person check only days later.
      if (!['PROVED', 'NOT_PROVED'].includes(identityOutcome)) continue;
      const browser = new WebBrowser();
      await service.signIn(browser, '/auth/login', { person });
      check('GET /userinfo', ...(await ask('/userinfo?peek=1', browser)));
      await service.signIn(browser, '/auth/prove-identity', { person });
      check('GET /userinfo', ...(await ask('/userinfo', browser)));
    }
    const browser = new WebBrowser();
    await service.signIn(browser);
    await service.signIn(browser, '/auth/reauthenticate');
    check('GET /userinfo', ...(await ask('/userinfo', browser)));
  });

  test('describes every other response for a program', async () => {
    const routes = await prepareRoutes(service);
    const { status, body } = await routes.ask('backchannel-logout');
    check('POST /backchannel-logout', status, body);
    check(
      'POST /backchannel-logout',
      ...(await ask('/backchannel-logout', undefined, {
        method: 'POST',
        body: new URLSearchParams('logout_token=x'),
      })),
    );
    const text = { method: 'POST', body: 'logout_token=x' };
    check('POST /backchannel-logout', ...(await ask('/backchannel-logout', undefined, text)));
    check('GET /userinfo', ...(await ask('/userinfo')));
    check('GET /login', ...(await ask('/login', undefined, { headers: { 'sec-fetch-dest': 'image' } })));
    check('GET /login', ...(await ask('/login', undefined, { headers: { 'sec-fetch-dest': 'document' } })));
    check('GET /.well-known/jwks.json', ...(await ask('/.well-known/jwks.json')));
    const later = await prepareRoutes(service);
    const end = service.dynamodb.injectFault({ error: { status: 400, type: 'AccessDeniedException' } });
    for (const [route, operation] of [
      ['userinfo', 'GET /userinfo'],
      ['backchannel-logout', 'POST /backchannel-logout'],
    ] as const) {
      const page = await later.ask(route);
      check(operation, page.status, page.body);
    }
    end();
    check('GET /userinfo', 429, readThrottledResponse());
  });

  test('describes no response that was not checked', () => {
    const documented = Object.entries(operations).flatMap(([operation, { responses }]) =>
      Object.keys(responses).map((status) => `${operation} ${status}`),
    );
    expect([...checked].sort()).toEqual(documented.sort());
  });
});

/** The local API Gateway limits nothing, so this is the response of the template. */
function readThrottledResponse(): string {
  const resources = Object.values(Object(service.template['Resources']) as Record<string, JsonObject>);
  const properties = resources.map(({ Properties }) => Object(Properties));
  const { ResponseTemplates } = properties.find(({ ResponseType }) => ResponseType === 'THROTTLED') ?? {};
  return ResponseTemplates['application/json'];
}
