import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeDenial } from '../../../lambdas/authorizer/denials.ts';
import type { GatewayPageName } from '../../../lib/pages/texts/text-types.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../local/template/json.ts';
import type { CataloguedPage } from './catalogue.ts';
import type { Visit } from './visit.ts';

/** Pages that API Gateway returns without a function. It does not read the user's language, so they have both. */
export const gatewayPages: readonly CataloguedPage[] = [
  page('page-not-found', 404, ({ page: tab, service }) => tab.goto(`${service.publicUrl}/nothing`)),
  page('too-many-requests', 429, showOurs('THROTTLED')),
  page('request-refused', 400, showOurs('DEFAULT_4XX')),
  page('unavailable', 500, showOurs('DEFAULT_5XX')),
  page('sign-in-needed', 401, showAuthorizers('UNAUTHORIZED')),
  page('access-denied', 403, showAuthorizers('ACCESS_DENIED')),
];

type Open = CataloguedPage['open'];

function page(name: GatewayPageName, status: number, open: Open): CataloguedPage {
  return { name, languages: ['en'], status, open };
}

function showOurs(responseType: string): Open {
  return (visit) => showGatewayResponse(visit, visit.service.template, responseType);
}

/** Shows what the service's own API returns when one of our authorizers denies access. */
function showAuthorizers(responseType: string): Open {
  return async (visit) => {
    const { publicUrl } = visit.service;
    const denial = describeDenial('insufficient_identity', { stepUp: 'prove-identity', publicUrl });
    const context = Object.entries(denial).map(([name, value]) => [`authorizer.${name}`, value]);
    const template = await synthesiseAuthorizerResponses(publicUrl);
    await showGatewayResponse(visit, template, responseType, Object.fromEntries(context));
  };
}

/**
 * Synthesises an API of the service's own, with the pages for users whom our authorizers deny access.
 *
 * @param publicUrl the outside URL up to and with `/auth`
 */
async function synthesiseAuthorizerResponses(publicUrl: string): Promise<JsonObject> {
  const [{ RestApi }, { App, Stack }, { AuthorizerGatewayResponses }] = await Promise.all([
    import('aws-cdk-lib/aws-apigateway'),
    import('aws-cdk-lib/core'),
    import('../../../lib/api/authorizer-gateway-responses.ts'),
  ]);
  const outdir = await mkdtemp(join(tmpdir(), 'one-login-authorizer-'));
  try {
    const app = new App({ outdir });
    const stack = new Stack(app, 'Service');
    const restApi = new RestApi(stack, 'Api');
    restApi.root.addMethod('GET');
    new AuthorizerGatewayResponses(stack, 'Responses', {
      restApi,
      publicUrl,
      serviceName: 'Example service',
    });
    return app.synth().getStackByName(stack.stackName).template;
  } finally {
    await rm(outdir, { recursive: true });
  }
}

/**
 * Shows a response from a template for a case that can't be caused on this machine, such as too many requests.
 *
 * @param responseType such as `THROTTLED`
 * @param context values of `$context` besides those that every request has
 */
async function showGatewayResponse(
  { page, service }: Visit,
  template: JsonObject,
  responseType: string,
  context: Readonly<Record<string, string>> = {},
): Promise<void> {
  const properties = findGatewayResponse(template, responseType);
  const { StatusCode, ResponseTemplates, ResponseParameters } = properties;
  const values = new Map(Object.entries({ ...contextOfEveryRequest, ...context }));
  const body = String(asObject(ResponseTemplates)['text/html']).replaceAll(
    /\$context\.([A-Za-z_.]+)/g,
    (whole, name: string) => values.get(name) ?? whole,
  );
  const headers = Object.entries(asObject(ResponseParameters)).map(([name, value]) => [
    name.replace('gatewayresponse.header.', ''),
    String(value).replace(/^'(.*)'$/, '$1'),
  ]);
  await page.route(`${service.publicUrl}/login`, (route) =>
    route.fulfill({
      status: Number(StatusCode ?? defaultStatus(responseType)),
      contentType: 'text/html',
      headers: Object.fromEntries(headers),
      body,
    }),
  );
  await page.goto(`${service.publicUrl}/login`);
}

const contextOfEveryRequest = { requestId: '4d5c1e0a-3c3e-4b5e-9d55-6f7c5a1e0b42', httpMethod: 'GET' };

function findGatewayResponse(template: JsonObject, responseType: string): JsonObject {
  const found = Object.values(asObject(template['Resources']))
    .map(asObject)
    .filter(({ Type }) => Type === 'AWS::ApiGateway::GatewayResponse')
    .map(({ Properties }) => asObject(Properties))
    .find(({ ResponseType }) => ResponseType === responseType);
  if (found === undefined) throw new Error(`the template has no gateway response ${responseType}`);
  return found;
}

/** The status that API Gateway uses when the template has none. */
function defaultStatus(responseType: string): number {
  if (responseType === 'THROTTLED') return 429;
  return responseType === 'DEFAULT_5XX' ? 500 : 400;
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
