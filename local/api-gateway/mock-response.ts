import type { MockIntegration, MockResponse } from './rest-api.ts';

/** What a MOCK integration comes to: a response, or the gateway response that tells what is wrong. */
export type MockOutcome =
  | { readonly kind: 'response'; readonly response: MockResponse }
  | { readonly kind: 'unsupported_media_type' }
  | { readonly kind: 'misconfigured' };

/**
 * Answers by a MOCK integration: the request template for the request's content type gives a status code, and that
 * chooses the response.
 *
 * @param contentType of the request, without parameters; what comes without one counts as JSON
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 */
export function answerMock(integration: MockIntegration, contentType = 'application/json'): MockOutcome {
  const { requestTemplates, passthroughBehavior, responses } = integration;
  const template = requestTemplates[contentType];
  if (template === undefined) {
    const refused =
      passthroughBehavior === 'NEVER' ||
      (passthroughBehavior === 'WHEN_NO_TEMPLATES' && Object.keys(requestTemplates).length > 0);
    // Passed through, the request itself would have to be the object with the status code.
    return { kind: refused ? 'unsupported_media_type' : 'misconfigured' };
  }
  const statusCode = String(readStatusCode(template));
  const response =
    responses.find(
      ({ selectionPattern }) =>
        selectionPattern !== undefined && new RegExp(`^(?:${selectionPattern})$`).test(statusCode),
    ) ?? responses.find(({ selectionPattern }) => selectionPattern === undefined);
  return response ? { kind: 'response', response } : { kind: 'misconfigured' };
}

/** @returns the status code that a request template asks for; undefined when it asks for none */
export function readStatusCode(template: string): number | undefined {
  try {
    const { statusCode } = JSON.parse(template);
    return typeof statusCode === 'number' ? statusCode : undefined;
  } catch {
    return undefined;
  }
}
