import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { FunctionRegistry } from '../functions/function-registry.ts';
import { listenInternally } from '../loopback-server.ts';
import type {
  CreatedResource,
  ResourceHandler,
  ResourceHandlers,
  ResourceRequest,
} from '../template/create-stack.ts';
import { isJsonList, isJsonObject, type Json } from '../template/json.ts';

/**
 * Creates custom resources as CloudFormation does: invokes the function of ServiceToken with a Create event, and waits
 * for its response at ResponseURL.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export function customResourceHandlers(
  functions: FunctionRegistry,
  responses: ResponseEndpoint,
): ResourceHandlers {
  const create: ResourceHandler = async (resource) => {
    const { properties } = resource;
    properties.ignore('ServiceTimeout');
    const all = properties.all();
    const serviceToken = properties.string('ServiceToken');
    const target =
      functions.find(serviceToken) ??
      properties.fail('ServiceToken', `${serviceToken} is not a function of this template`);
    const slot = responses.expect();
    const event = createEvent(resource, all, slot.url);
    // CloudFormation only waits for the response, up to an hour. Here the wait is over when the function has ended
    // without a response.
    const withoutAnswer = target.invoke(event).then((result) => {
      throw new Error(
        result.kind === 'failed'
          ? `${result.errorType}: ${result.errorMessage}`
          : 'it ended without a response',
      );
    });
    try {
      return readAnswer(await Promise.race([slot.answer, withoutAnswer]));
    } catch (error) {
      return properties.fail(
        '',
        `could not be created: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      slot.release();
      // The lines that the function still writes belong to the creation.
      await withoutAnswer.catch(() => {});
    }
  };
  return { 'Custom::*': create };
}

function createEvent(
  { logicalId, type, stack }: ResourceRequest,
  properties: Record<string, Json>,
  url: string,
) {
  return {
    RequestType: 'Create',
    ServiceToken: properties['ServiceToken'],
    ResponseURL: url,
    StackId: stack.id,
    RequestId: randomUUID(),
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: convertScalars(properties),
  };
}

/** CloudFormation passes every scalar as a string. */
function convertScalars(value: Json): Json {
  if (isJsonList(value)) return value.map(convertScalars);
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, convertScalars(item)]));
  }
  return value === null ? null : String(value);
}

function readAnswer(answer: CustomResourceAnswer): CreatedResource {
  const { Status: status, Reason: reason, PhysicalResourceId: ref, Data: data } = answer;
  if (status !== 'SUCCESS')
    throw new Error(String(reason ?? `its response has the status ${String(status)}`));
  if (typeof ref !== 'string' || ref === '') throw new Error('its response has no PhysicalResourceId');
  const attributes = Object.entries(typeof data === 'object' && data !== null ? data : {});
  return { ref, attributes: Object.fromEntries(attributes.map(([name, value]) => [name, String(value)])) };
}

/** The response of a custom resource, not validated yet. */
type CustomResourceAnswer = Readonly<Record<string, unknown>>;

export type ResponseEndpoint = Awaited<ReturnType<typeof startResponseEndpoint>>;

/** Receives the responses of custom resources, in place of the S3 bucket of CloudFormation's ResponseURL. */
export async function startResponseEndpoint() {
  const slots = new Map<string, (body: string) => void>();
  const server = await listenInternally(async (request, response) => {
    const deliver = slots.get(request.url ?? '');
    if (request.method !== 'PUT' || !deliver) {
      response.writeHead(403).end();
      return;
    }
    slots.delete(request.url ?? '');
    deliver(await text(request));
    response.writeHead(200).end();
  });
  return {
    /** Returns an address for one response. The response rejects when it is not a JSON object. */
    expect: () => {
      const path = `/${randomUUID()}?X-Amz-Signature=${randomUUID()}`;
      const { promise, resolve, reject } = Promise.withResolvers<CustomResourceAnswer>();
      slots.set(path, (body) => {
        try {
          resolve(parse(body));
        } catch (error) {
          reject(error);
        }
      });
      return { url: `${server.url}${path}`, answer: promise, release: () => slots.delete(path) };
    },
    close: () => server.close(),
  };
}

function parse(body: string): CustomResourceAnswer {
  if (Buffer.byteLength(body) > 4096) throw new Error('its response is longer than 4,096 bytes');
  const answer: unknown = JSON.parse(body);
  if (typeof answer !== 'object' || answer === null) throw new Error('its response is not a JSON object');
  return { ...answer };
}
