import type { APIGatewayProxyEvent } from 'aws-lambda';

/** API Gateway adds these to the values of the authorizer. */
const ofApiGateway = ['principalId', 'integrationLatency'];

/**
 * Reads what the authorizer passes on about the user. Every value is percent-encoded text.
 *
 * @throws Error if the request did not go through an authorizer, because then it can come from anybody
 */
export function readAuthorizedUser(
  context: APIGatewayProxyEvent['requestContext']['authorizer'],
): Readonly<Record<string, string>> {
  if (!context?.['sub']) throw new Error('the API has no authorizer for this route');
  const values = Object.entries(context).filter(([name]) => !ofApiGateway.includes(name));
  return Object.fromEntries(values.map(([name, value]) => [name, decodeURIComponent(String(value))]));
}
