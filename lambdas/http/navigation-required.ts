import type { APIGatewayProxyResult } from 'aws-lambda';
import type { HttpRequest } from './request.ts';
import { json } from './response.ts';

/** What may be asked again as it was. Of a response by One Login nothing is: it holds a code. */
const repeatable = ['return_to', 'lang', 'step', 'ask'];

/**
 * Answers a request that is no navigation: a program learns which address to send the user to. It is no success, so
 * that no browser keeps what it has fetched ahead for the click that comes later.
 */
export function navigationRequired(request: HttpRequest, publicUrl: string): APIGatewayProxyResult {
  const route = request.resource.replace('/auth/', '');
  const path = route === 'callback' ? 'login' : route;
  const query = new URLSearchParams();
  for (const name of repeatable) {
    for (const value of request.query.get(name) ?? []) query.append(name, value);
  }
  const search = query.size === 0 ? '' : `?${query}`;
  return json(403, { error: 'navigation_required', url: `${publicUrl}/${path}${search}` });
}
