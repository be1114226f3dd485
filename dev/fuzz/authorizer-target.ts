/** Events of Lambda authorizers, of REST and HTTP APIs. */
import assert from 'node:assert/strict';
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import fc from 'fast-check';
import { cookieNames } from '../../test/support/cookie-names.ts';
import { leaksIn } from '../../test/support/leaks.ts';
import {
  changeDocument,
  changeText,
  type DocumentChange,
  hostileText,
  jsonChange,
  mark,
  type TextChange,
  textChange,
} from './hostile-values.ts';
import { readOnlyCookie } from './read-only-cookie.ts';
import type { Target } from './target.ts';
import { createWorld, type World } from './world.ts';

const methodArn = 'arn:aws:execute-api:eu-west-2:111122223333:api123/live/GET/orders/42';
const requestId = '00000000-0000-4000-8000-000000000001';

interface AuthorizerInput {
  readonly format: '1.0' | '2.0';
  readonly method: string;
  readonly arn: readonly TextChange[];
  readonly cookie: readonly TextChange[];
  readonly headers: readonly (readonly [string, string])[];
  /** A change of the whole event. */
  readonly event: DocumentChange;
}

const inputs: fc.Arbitrary<AuthorizerInput> = fc.record({
  format: fc.constantFrom('1.0' as const, '2.0' as const),
  method: fc.constantFrom('GET', 'GET', 'HEAD', 'POST', 'PROPFIND'),
  arn: fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(textChange, { maxLength: 2 }), weight: 1 },
  ),
  cookie: fc.oneof(
    { arbitrary: fc.constant([]), weight: 2 },
    { arbitrary: fc.array(textChange, { maxLength: 2 }), weight: 1 },
  ),
  headers: fc.array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(
          'origin',
          'sec-fetch-site',
          'x-one-login-sub',
          'X_One-Login',
          'sec-purpose',
          'cookie',
        ),
        hostileText,
      ),
      hostileText,
    ),
    { maxLength: 3 },
  ),
  event: fc.record({
    json: fc.oneof(
      { arbitrary: fc.constant([]), weight: 3 },
      { arbitrary: fc.array(jsonChange, { maxLength: 2 }), weight: 1 },
    ),
    text: fc.constant([]),
  }),
});

function buildEvent(input: AuthorizerInput, cookie: string): object {
  const arn = input.arn.reduce(changeText, methodArn);
  const headers = Object.fromEntries([['cookie', cookie], ...input.headers]);
  const common = { type: 'REQUEST', headers, requestContext: { requestId, http: { method: input.method } } };
  return input.format === '2.0'
    ? { ...common, version: '2.0', routeArn: arn, cookies: [cookie] }
    : {
        ...common,
        methodArn: arn,
        httpMethod: input.method,
        multiValueHeaders: {
          ...Object.fromEntries(input.headers.map(([name, value]) => [name, [value]])),
          cookie: [cookie],
        },
      };
}

/** @returns the response, or undefined for "not signed in" */
async function examineAnswer(world: World, event: object): Promise<APIGatewayAuthorizerResult | undefined> {
  const answer = await world.authorizer(event).catch((error: Error) => {
    assert(
      /^(Unauthorized|the event is not that of a Lambda authorizer of the type REQUEST)$/.test(error.message),
      error.stack,
    );
  });
  const log = world.logLines.join('\n');
  assert.deepEqual(
    leaksIn(log, { mark, 'session cookie': world.sessionCookie }),
    [],
    'the log contains what was sent',
  );
  if (answer === undefined) return undefined;
  const [statement] = answer.policyDocument.Statement;
  assert(statement !== undefined && 'Resource' in statement);
  const { Resource: resource } = statement;
  if (statement.Effect === 'Allow') {
    assert(
      typeof resource === 'string' && /^arn:[^*?]+$/.test(resource) && !resource.includes('${'),
      `it allows ${resource}`,
    );
  }
  for (const [name, value] of Object.entries(answer.context ?? {})) {
    assert(typeof value === 'string', `${name} is no text`);
    if (statement.Effect === 'Allow') assert(/^[\x21-\x7e]+$/.test(value), `${name} can be in no header`);
    else assert.deepEqual(leaksIn(value, { mark }), [], 'a denial contains what was sent');
  }
  return answer;
}

/** Examines what an application gets about the user of a session. */
export async function examineAuthorizerAnswer(world: World, cookie: string): Promise<void> {
  const event = {
    type: 'REQUEST',
    methodArn,
    httpMethod: 'GET',
    multiValueHeaders: { cookie: [cookie] },
    requestContext: { requestId },
  };
  assert(await examineAnswer(world, event), 'a session that the authorizer does not find');
}

const authorizer: Target<AuthorizerInput> = {
  name: 'authorizer',
  about: 'events of Lambda authorizers',
  share: 7,
  inputs,
  async examine(input) {
    const world = await createWorld();
    const cookie = input.cookie.reduce(changeText, `${cookieNames.session}=${world.sessionCookie}`);
    const event: unknown = JSON.parse(changeDocument(buildEvent(input, cookie), input.event));
    const answer = await examineAnswer(world, event as object);
    const [statement] = answer?.policyDocument.Statement ?? [];
    if (statement?.Effect !== 'Allow') return;
    const { cookies, headers, multiValueHeaders } = Object(event);
    const found = [
      cookies,
      ...Object.values(Object(headers)),
      ...Object.values(Object(multiValueHeaders)),
    ].flat();
    const holdsSession = (text: unknown) =>
      typeof text === 'string' && readOnlyCookie([text], cookieNames.session) === world.sessionCookie;
    assert(found.some(holdsSession), 'it allows a request without the session');
  },
};

export const authorizerTargets = [authorizer] as const;
