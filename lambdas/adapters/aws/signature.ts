import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** The credentials that Lambda puts into every function's environment. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** A request without a query. */
export interface SignableRequest {
  readonly method: string;
  /** Needs no encoding, such as `/`. */
  readonly path: string;
  /** Each header that is to be signed, by its name in lower case, `host` among them. A value has no spaces around it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface SigningContext {
  readonly credentials: AwsCredentials;
  readonly region: string;
  /** Such as `dynamodb`. */
  readonly service: string;
  /** Milliseconds since the epoch. AWS accepts a signature for five minutes. */
  readonly time: number;
}

/**
 * Signs a request to AWS by Signature Version 4.
 *
 * @returns the headers to send
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signRequest(
  { method, path, headers, body }: SignableRequest,
  { credentials, region, service, time }: SigningContext,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const timestamp = new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
  const signed: Record<string, string> = {
    ...headers,
    'x-amz-date': timestamp,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(signed).sort();
  const signedHeaders = names.join(';');
  const lines = names.map((name) => `${name}:${signed[name]}\n`).join('');
  const canonicalRequest = [method, path, '', lines, signedHeaders, sha256(body)].join('\n');
  const scope = [timestamp.slice(0, 8), region, service, 'aws4_request'] as const;
  const key = deriveKey(secretAccessKey, scope);
  const text = ['AWS4-HMAC-SHA256', timestamp, scope.join('/'), sha256(canonicalRequest)].join('\n');
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${[accessKeyId, ...scope].join('/')}`,
    `SignedHeaders=${signedHeaders}`,
    `Signature=${hmac(key, text).toString('hex')}`,
  ].join(', ');
  return { ...signed, authorization };
}

/** The last key of each service. It changes with the day and the credentials. */
const keys = new Map<string, { readonly from: string; readonly key: KeyObject }>();

function deriveKey(secretAccessKey: string, scope: readonly [string, string, string, string]): KeyObject {
  const [, , service] = scope;
  const from = [secretAccessKey, ...scope].join('/');
  const known = keys.get(service);
  if (known?.from === from) return known.key;
  const [date, ...rest] = scope;
  const bytes = rest.reduce(hmac, hmac(`AWS4${secretAccessKey}`, date));
  // Node takes five times as long with bytes.
  const key = createSecretKey(bytes);
  keys.set(service, { from, key });
  return key;
}

function sha256(text: string): string {
  return hash('sha256', text);
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
