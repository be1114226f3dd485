import { isJsonObject, type Json, type JsonObject } from '../../../local/template/json.ts';
import type { Visit } from './visit.ts';

/**
 * Shows what API Gateway answers by itself in a case that can't be had on this machine, such as too many requests: what
 * a template says of it, instead of the answer to a request.
 *
 * @param responseType as API Gateway calls it, such as `THROTTLED`
 * @param context what the page inserts, besides what every request has: the part after `$context.`, and the value
 */
export async function showGatewayResponse(
  { page, service }: Visit,
  template: JsonObject,
  responseType: string,
  context: Readonly<Record<string, string>> = {},
): Promise<void> {
  const properties = findGatewayResponse(template, responseType);
  const { StatusCode, ResponseTemplates, ResponseParameters } = properties;
  const values = new Map(Object.entries({ ...ofEveryRequest, ...context }));
  const body = String(objectOf(ResponseTemplates)['text/html']).replaceAll(
    /\$context\.([A-Za-z_.]+)/g,
    (whole, name: string) => values.get(name) ?? whole,
  );
  const headers = Object.entries(objectOf(ResponseParameters)).map(([name, value]) => [
    name.replace('gatewayresponse.header.', ''),
    String(value).replace(/^'(.*)'$/, '$1'),
  ]);
  await page.route(`${service.publicUrl}/login`, (route) =>
    route.fulfill({
      status: Number(StatusCode ?? usualStatus(responseType)),
      contentType: 'text/html',
      headers: Object.fromEntries(headers),
      body,
    }),
  );
  await page.goto(`${service.publicUrl}/login`);
}

const ofEveryRequest = { requestId: '4d5c1e0a-3c3e-4b5e-9d55-6f7c5a1e0b42', httpMethod: 'GET' };

function findGatewayResponse(template: JsonObject, responseType: string): JsonObject {
  const found = Object.values(objectOf(template['Resources']))
    .map(objectOf)
    .filter(({ Type }) => Type === 'AWS::ApiGateway::GatewayResponse')
    .map(({ Properties }) => objectOf(Properties))
    .find(({ ResponseType }) => ResponseType === responseType);
  if (found === undefined) throw new Error(`the template has no gateway response ${responseType}`);
  return found;
}

/** What API Gateway chooses where the template chooses none. */
function usualStatus(responseType: string): number {
  if (responseType === 'THROTTLED') return 429;
  return responseType === 'DEFAULT_5XX' ? 500 : 400;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
