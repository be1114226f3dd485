/** Changes of responses before the doctor gets them. */
import { constants, generateKeyPairSync, sign } from 'node:crypto';
import {
  type Answer,
  createNetwork,
  type Exchange,
  type Probe,
  type Transport,
} from '../../../bin/doctor/transport.ts';

/** Changes some responses of the deployment and of One Login. */
export type Fault = (answer: Answer, url: URL, method: Probe['method']) => Partial<Answer> | undefined;

export function network(fault: Fault): Transport {
  return {
    ...real,
    send: async (probe): Promise<Exchange> => {
      const exchange = await sendOnce(probe);
      if (!('answer' in exchange)) return exchange;
      const { answer, url } = exchange;
      return { url, answer: { ...answer, ...fault(answer, new URL(url), probe.method) } };
    },
  };
}

const real = createNetwork();
const exchanges = new Map<string, Promise<Exchange>>();

/** Sends each request once: its response is the same again, except for the time. */
async function sendOnce(probe: Probe): Promise<Exchange> {
  const key = JSON.stringify(probe);
  const sent = exchanges.get(key) ?? real.send(probe);
  exchanges.set(key, sent);
  const exchange = await sent;
  if (!('answer' in exchange)) return exchange;
  const { answer } = exchange;
  const later = Date.now() - answer.at;
  const dates = answer.headers['date']?.map((date) => new Date(Date.parse(date) + later).toUTCString());
  return {
    ...exchange,
    answer: { ...answer, at: answer.at + later, ...(dates && withHeader(answer, 'date', ...dates)) },
  };
}

const path = (url: URL, end: string) => url.pathname.endsWith(end);

/** The deployment is below /auth; all other paths are the stand-in's. */
export const isOurs = (url: URL) => url.pathname.startsWith('/auth/');

export function withHeader({ headers }: Answer, name: string, ...values: string[]): Partial<Answer> {
  return { headers: { ...headers, [name]: values } };
}

export function withJson(
  { body }: Answer,
  change: (document: Record<string, unknown>) => unknown,
): Partial<Answer> {
  return { body: JSON.stringify(change(JSON.parse(body))) };
}

/** Changes the first key of the deployment's JWKS. */
export const ourKey =
  (change: (jwk: Record<string, unknown>) => readonly unknown[]): Fault =>
  (answer, url) =>
    isOurs(url) && path(url, 'jwks.json')
      ? withJson(answer, ({ keys }) => ({ keys: change((keys as Record<string, unknown>[])[0] ?? {}) }))
      : undefined;

type Change = Partial<Answer> | ((answer: Answer, url: URL) => Partial<Answer>);
const on =
  (ours: boolean) =>
  (end: string, change: Change): Fault =>
  (answer, url, method) => {
    if (isOurs(url) !== ours || !path(url, end) || method === 'HEAD') return undefined;
    return typeof change === 'function' ? change(answer, url) : change;
  };
/** Changes the deployment's response at a path. */
export const onOurs = on(true);
/** Changes One Login's response at a path. */
export const onTheirs = on(false);

/** Changes the response to HEAD. */
export const onHead =
  (change: Partial<Answer>): Fault =>
  (_, __, method) =>
    method === 'HEAD' ? change : undefined;

/** Is slow for the first request only. */
export function slowOnce(end: string): Fault {
  let asked = 0;
  return onOurs(end, () => {
    asked += 1;
    return { milliseconds: asked === 1 ? 501 : 5 };
  });
}

/** Changes the query of a login's redirect to One Login. */
export const requestQuery = (change: (query: URLSearchParams) => void): Fault =>
  onOurs('/login', (answer) => {
    const location = new URL(answer.headers['location']?.[0] ?? '');
    change(location.searchParams);
    return withHeader(answer, 'location', location.href);
  });

const signer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publishSigner = ourKey((jwk) => {
  const { n, e } = signer.publicKey.export({ format: 'jwk' });
  return [{ ...jwk, n, e }];
});

/** Changes the claims of the request object, and signs it again with another key, which it puts into the JWKS. */
export function requestClaims(change: object): Fault {
  const signAgain = requestQuery((query) => {
    const [header, claims = ''] = (query.get('request') ?? '').split('.');
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change };
    const content = `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
    const signature = sign('sha256', Buffer.from(content), {
      key: signer.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
    });
    query.set('request', `${content}.${signature.toString('base64url')}`);
  });
  return (...request) => publishSigner(...request) ?? signAgain(...request);
}

/** The claims of the request object in a request to One Login. */
function requestObjectIn(url: URL): { readonly redirect_uri: string; readonly vtr: readonly string[] } {
  const claims = url.searchParams.get('request')?.split('.')[1] ?? '';
  return JSON.parse(Buffer.from(claims, 'base64url').toString());
}

/** One Login redirects to the callback with an error. */
export const sentBack = (error: Readonly<Record<string, string>>): Fault =>
  onTheirs('/authorize', (answer, url) => ({
    status: 302,
    ...withHeader(answer, 'location', `${requestObjectIn(url).redirect_uri}?${new URLSearchParams(error)}`),
  }));

/** One Login redirects with an error for identity requests only. */
export const identitySentBack =
  (error: Readonly<Record<string, string>>): Fault =>
  (answer, url, method) =>
    path(url, '/authorize') && requestObjectIn(url).vtr.some((vector) => vector.includes('.P'))
      ? sentBack(error)(answer, url, method)
      : undefined;

/** One Login redirects with an error for requests of a level only. */
export const sentBackAt =
  (vtr: readonly string[]): Fault =>
  (answer, url, method) =>
    path(url, '/authorize') && String(requestObjectIn(url).vtr) === String(vtr)
      ? sentBack({ error: 'invalid_request', error_description: 'Request vtr is not permitted' })(
          answer,
          url,
          method,
        )
      : undefined;

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toUTCString();
