import { gzipSync } from 'node:zlib';
import { headerValues, type IncomingRequest } from './incoming-request.ts';
import type { HttpResponse } from './proxy-response.ts';

/**
 * Compresses what is long enough, for clients that take gzip.
 *
 * @param minimumSize in bytes; undefined compresses nothing
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
 */
export function compress(
  response: HttpResponse,
  request: IncomingRequest,
  minimumSize: number | undefined,
): HttpResponse {
  const encodings = headerValues(request, 'accept-encoding').flatMap((value) => value.split(','));
  const takesGzip = encodings.some((encoding) => /^\s*gzip\s*(;|$)(?!\s*q=0(\.0*)?\s*$)/i.test(encoding));
  const encoded = response.headers.some(([name]) => name.toLowerCase() === 'content-encoding');
  if (minimumSize === undefined || response.body.length < minimumSize || !takesGzip || encoded)
    return response;
  return {
    ...response,
    headers: [...response.headers, ['Content-Encoding', 'gzip']],
    body: gzipSync(response.body),
  };
}
