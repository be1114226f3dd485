/** How answers are changed on their way to the doctor. */
import { type Answer, createNetwork, type Exchange, type Transport } from '../../../bin/doctor/transport.ts';

/** What stands between the doctor and the deployment, and changes some answers. */
export type Fault = (answer: Answer, url: URL) => Partial<Answer> | undefined;

export function network(fault: Fault): Transport {
  const real = createNetwork();
  return {
    ...real,
    send: async (probe): Promise<Exchange> => {
      const exchange = await real.send(probe);
      if (!('answer' in exchange)) return exchange;
      const { answer, url } = exchange;
      return { url, answer: { ...answer, ...fault(answer, new URL(url)) } };
    },
  };
}

const path = (url: URL, end: string) => url.pathname.endsWith(end);

/** Ours are below /auth, the rest is the stand-in's. */
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

/** Changes the first key of our JWKS. */
export const ourKey =
  (change: (jwk: Record<string, unknown>) => readonly unknown[]): Fault =>
  (answer, url) =>
    isOurs(url) && path(url, 'jwks.json')
      ? withJson(answer, ({ keys }) => ({ keys: change((keys as Record<string, unknown>[])[0] ?? {}) }))
      : undefined;

const on =
  (ours: boolean, end: string, change: (answer: Answer, url: URL) => Partial<Answer>): Fault =>
  (answer, url) =>
    isOurs(url) === ours && path(url, end) ? change(answer, url) : undefined;
export const onOurs = (end: string, change: (answer: Answer, url: URL) => Partial<Answer>) =>
  on(true, end, change);
export const onTheirs = (end: string, change: (answer: Answer, url: URL) => Partial<Answer>) =>
  on(false, end, change);

/** Slow the first time that it is asked for. */
export function slowOnce(end: string): Fault {
  let asked = 0;
  return onOurs(end, () => {
    asked += 1;
    return { milliseconds: asked === 1 ? 501 : 5 };
  });
}

/** Changes the query by which a login leads to One Login. */
export const requestQuery = (change: (query: URLSearchParams) => void): Fault =>
  onOurs('/login', (answer) => {
    const location = new URL(answer.headers['location']?.[0] ?? '');
    change(location.searchParams);
    return withHeader(answer, 'location', location.href);
  });

/** Changes the claims of the request object; its signature is not verified any more then. */
export const requestClaims = (change: object): Fault =>
  requestQuery((query) => {
    const [header, claims = '', signature] = (query.get('request') ?? '').split('.');
    const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...change };
    const encoded = Buffer.from(JSON.stringify(changed)).toString('base64url');
    query.set('request', [header, encoded, signature].join('.'));
  });

/** Of the request object in a request to One Login. */
export function redirectUriIn(url: URL): string {
  const claims = url.searchParams.get('request')?.split('.')[1] ?? '';
  return JSON.parse(Buffer.from(claims, 'base64url').toString()).redirect_uri;
}

export const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toUTCString();
