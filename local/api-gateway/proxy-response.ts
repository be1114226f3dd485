import { isBinary } from './proxy-event.ts';

/** The response to the client. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

const fields = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/** Headers that a function cannot set: API Gateway renames them (REST APIs, "important notes"). */
const renamed = [
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'expect',
  'host',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'trailer',
  'upgrade',
  'user-agent',
  'www-authenticate',
];

/**
 * Reads the result of a function as a response.
 *
 * @param accept the client's Accept header, whose first content type decides whether it gets bytes or base64
 * @returns undefined when it is malformed, for which API Gateway returns 502
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function readProxyResponse(
  payload: unknown,
  accept: string | undefined,
  binaryMediaTypes: readonly string[],
): HttpResponse | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  if (Object.keys(payload).some((name) => !fields.includes(name))) return undefined;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded }: Record<string, unknown> = {
    ...payload,
  };
  const status = Number(statusCode);
  const singles = readHeaders(headers, (value) => (isScalar(value) ? [String(value)] : undefined));
  const multiples = readHeaders(multiValueHeaders, (value) =>
    Array.isArray(value) && value.every(isScalar) ? value.map(String) : undefined,
  );
  if (!Number.isInteger(status) || status < 100 || status > 599 || !singles || !multiples) return undefined;
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined;
  if (isBase64Encoded !== undefined && typeof isBase64Encoded !== 'boolean') return undefined;
  const decode = isBase64Encoded === true && isBinary(accept, binaryMediaTypes);
  return {
    status,
    headers: withContentType(merge(multiples, singles)).map(
      ([name, value]) => [outgoingName(name), value] as const,
    ),
    body: Buffer.from(body ?? '', decode ? 'base64' : 'utf8'),
  };
}

type HeaderList = [name: string, value: string][];

function readHeaders(
  headers: unknown,
  read: (value: unknown) => string[] | undefined,
): HeaderList | undefined {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== 'object' || Array.isArray(headers)) return undefined;
  const list: HeaderList = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = read(value);
    if (!values) return undefined;
    for (const each of values) list.push([name, each]);
  }
  return list;
}

/** A pair that is in both lists is sent once. */
function merge(multiples: HeaderList, singles: HeaderList): HeaderList {
  const isIn = ([name, value]: [string, string]) =>
    multiples.some(
      ([other, otherValue]) => other.toLowerCase() === name.toLowerCase() && otherValue === value,
    );
  return [...multiples, ...singles.filter((pair) => !isIn(pair))];
}

/** API Gateway sends JSON as the content type when there is none. */
function withContentType(headers: HeaderList): HeaderList {
  const has = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return has ? headers : [['Content-Type', 'application/json'], ...headers];
}

function outgoingName(name: string): string {
  return renamed.includes(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
