import type { ClientRegistration } from '../registration.ts';
import type { Received } from '../server/message.ts';
import { badRequest, RedirectedError } from './refusals.ts';

/** The query string. */
export interface OuterParameters {
  readonly responseType: string;
  readonly scopes: readonly string[];
  readonly request: string;
}

const allowed = ['response_type', 'scope', 'client_id', 'request'];

/**
 * Reads the query string of the authorization endpoint. All other parameters must be in the request object.
 *
 * @throws Refusal a page with 400; a redirect with `access_denied` for a request without a request object whose
 *   redirect URI is registered
 */
export function readOuterParameters(received: Received, client: ClientRegistration): OuterParameters {
  const { parameters } = received;
  const clientId = required(parameters, 'client_id');
  const responseType = required(parameters, 'response_type');
  const scopes = required(parameters, 'scope').split(' ');
  if (!scopes.includes('openid')) {
    throw badRequest('outer_scope_without_openid', 'the outer scope lacks openid');
  }
  if (clientId !== client.clientId) {
    throw badRequest('client_unknown', `no client is registered with the client_id ${clientId}`);
  }
  const request = parameters.get('request');
  if (request === undefined || request === '') throw requestObjectMissing(parameters, client);
  const excess = [...parameters.keys()].filter((name) => !allowed.includes(name));
  if (excess.length > 0) {
    throw badRequest(
      'outer_parameters_excessive',
      `beside ${allowed.join(', ')} nothing belongs into the query string, not ${excess.join(', ')}: ` +
        'put it into the request object',
    );
  }
  return { responseType, scopes, request };
}

function required(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') {
    throw badRequest('outer_parameter_missing', `the query string lacks ${name}`);
  }
  return value;
}

function requestObjectMissing(parameters: ReadonlyMap<string, string>, client: ClientRegistration): Error {
  const error = new RedirectedError('request_object_missing');
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
    return badRequest(error.code, error.message);
  }
  return error.toRefusal(redirectUri, parameters.get('state'));
}
