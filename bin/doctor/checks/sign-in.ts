import { compactVerify, importJWK } from 'jose';
import { isJsonObject, type JsonObject } from '../../../lambdas/core/one-login/json-object.ts';
import { buildCookieNames } from '../../../lambdas/core/session/cookie-names.ts';
import {
  type Check,
  describeExchange,
  type Expectations,
  fail,
  type Observations,
  pass,
  readAnswer,
  readHeader,
  readJson,
  skip,
  warn,
} from '../check.ts';
import { type RequestObject, readRequestObject } from '../request-object.ts';
import type { Answer } from '../transport.ts';

/** The most that One Login's firewall accepts. */
const longestQuery = 4096;

export const login: Check = {
  id: 'login',
  title: 'A sign-in redirects to One Login, with the configured client and scopes',
  needs: ['host-name', 'discovery'],
  examine: ({ login: exchange, discovery }, { config, publicUrl }) => {
    const answer = readAnswer(exchange);
    if (answer === undefined || ![302, 303].includes(answer.status)) {
      return fail(
        describeExchange(exchange),
        `It should redirect. 404: ${publicUrl} does not reach the API. 502 or 503: look in the log of the function login for the reference number on the page.`,
      );
    }
    const location = URL.parse(readHeader(answer, 'location'));
    const endpoint = readJson(readAnswer(discovery))?.['authorization_endpoint'];
    const target = location === null ? 'nowhere' : `${location.origin}${location.pathname}`;
    if (location === null || target !== endpoint) {
      return fail(
        `it redirects to ${target}, not to the authorization endpoint ${endpoint}`,
        'Does something in front of the API redirect? Is the config the deployed one?',
      );
    }
    const expected = { response_type: 'code', scope: config.scopes.join(' '), client_id: config.clientId };
    const wrong = Object.entries(expected).filter(
      ([name, value]) => location.searchParams.get(name) !== value,
    );
    if (wrong.length > 0) {
      const names = wrong.map(([name]) => name).join(', ');
      return fail(`unexpected ${names} in the request`, 'The config is not the deployed one: deploy it.');
    }
    if (location.search.length - 1 > longestQuery) {
      return fail(
        `the request has ${location.search.length - 1} characters, One Login accepts ${longestQuery}`,
        'Request less: shorten publicUrl, or the claims.',
      );
    }
    return pass(`to ${target}`);
  },
};

export const requestObject: Check = {
  id: 'request-object',
  title: 'A key in our JWKS signed the request, which contains what the config requires',
  needs: ['login', 'jwks-keys'],
  examine: async (observed, expected) => {
    const request = readRequestObject(observed.login);
    if (request === undefined) {
      return fail(
        'the login sends no request object',
        'Something in front of the API changes the response: it must pass it on unchanged.',
      );
    }
    const mistakes = findMistakes(request, observed, expected);
    if (mistakes.length > 0) {
      return fail(mistakes.join('; '), 'The config is not the deployed one: deploy it.');
    }
    const key = findKey(request.header['kid'], observed);
    if (key === undefined) {
      return fail(
        `the key ${request.header['kid']} that signed it is not in the JWKS`,
        'One Login refuses every sign-in. Publish the key before it signs: one-login keys shows what is deployed. A cache may also serve an old JWKS: clear it.',
      );
    }
    return (await verifySignature(request, key))
      ? pass(`signed by ${request.header['kid']}`)
      : fail(
          'its signature does not verify with the key of that kid in the JWKS',
          'The JWKS belongs to another deployment, or is an old copy in a cache: clear the cache, or point the public URL to the right API.',
        );
  },
};

function findMistakes(
  { claims }: RequestObject,
  { discovery }: Observations,
  { config }: Expectations,
): readonly string[] {
  const endpoint = readJson(readAnswer(discovery))?.['authorization_endpoint'];
  const expected: Readonly<Record<string, unknown>> = {
    aud: endpoint,
    iss: config.clientId,
    client_id: config.clientId,
    response_type: 'code',
    scope: config.scopes.join(' '),
    code_challenge_method: 'S256',
    vtr: config.authentication.vtr,
    max_age: config.authentication.maxAgeSeconds,
  };
  const wrong = Object.entries(expected).filter(
    ([name, value]) => JSON.stringify(claims[name]) !== JSON.stringify(value),
  );
  const missing = ['state', 'nonce', 'code_challenge', 'exp'].filter((name) => claims[name] === undefined);
  return [...wrong.map(([name]) => `unexpected ${name}`), ...missing.map((name) => `no ${name}`)];
}

function findKey(kid: unknown, { jwks }: Observations): JsonObject | undefined {
  const keys = readJson(readAnswer(jwks))?.['keys'];
  const found: unknown = Array.isArray(keys)
    ? keys.find((jwk: unknown) => Object(jwk).kid === kid)
    : undefined;
  return isJsonObject(found) ? found : undefined;
}

async function verifySignature({ token, header }: RequestObject, { n, e }: JsonObject): Promise<boolean> {
  try {
    const key = await importJWK({ kty: 'RSA', n: String(n), e: String(e), alg: String(header['alg']) });
    await compactVerify(token, key);
    return true;
  } catch {
    return false;
  }
}

export const redirectUri: Check = {
  id: 'redirect-uri',
  title: 'The redirect URI is exactly the one to register',
  needs: ['login'],
  examine: ({ login }, { publicUrl }) => {
    const request = readRequestObject(login);
    if (request === undefined) return skip('the login sends no request object');
    const sent = request.claims['redirect_uri'];
    const expected = `${publicUrl}/callback`;
    if (sent === expected) return pass(expected);
    return fail(
      `the request has ${sent}, expected ${expected}`,
      'One Login compares redirect URIs character by character. Is publicUrl in the config the deployed one? Then register the URI of the request, or change publicUrl and deploy.',
    );
  },
};

/** One Login allows a difference of 30 s, in milliseconds. */
const tolerance = 30_000;
const noticeable = 5000;

export const clock: Check = {
  id: 'clock',
  title: "Our clock and One Login's differ by at most 30 seconds",
  needs: ['discovery', 'login'],
  examine: (observed) => {
    const { discovery, authorize, login } = observed;
    const ours = readAnswer(login);
    const theirs = readAnswer(authorize) ?? readAnswer(discovery);
    const issuedAt = readRequestObject(observed.login)?.claims['iat'];
    const theirTime = theirs === undefined ? undefined : readTime(theirs);
    if (
      ours === undefined ||
      theirs === undefined ||
      theirTime === undefined ||
      typeof issuedAt !== 'number'
    ) {
      return skip('the responses of One Login or of our login have no time');
    }
    // Compares each with the clock of this machine, because they did not respond at the same time.
    const ourSkew = issuedAt * 1000 - ours.at;
    const theirSkew = theirTime - theirs.at;
    const difference = Math.abs(ourSkew - theirSkew);
    const found = `${Math.round(difference / 1000)} s apart`;
    if (difference > tolerance) {
      return fail(
        found,
        'One Login treats requests as expired or from the future. AWS sets the clocks of Lambda: see its health dashboard, and tell One Login.',
      );
    }
    if (difference > noticeable)
      return warn(found, 'Below the 30 s that One Login allows, but more than usual. Check again later.');
    if (Math.abs(theirSkew) > tolerance) {
      return warn(
        `they agree, but the clock of this machine is ${Math.round(Math.abs(theirSkew) / 1000)} s off`,
        'Set the clock of this machine.',
      );
    }
    return pass(found);
  },
};

/** Reads the sender's time when the response arrived (RFC 9110, 6.6.1; a cached one is `Age` seconds old). */
function readTime(answer: Answer): number | undefined {
  const date = Date.parse(readHeader(answer, 'date'));
  return Number.isNaN(date) ? undefined : date + Number(readHeader(answer, 'age') || 0) * 1000;
}

const flags = ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'];

export const cookies: Check = {
  id: 'cookies',
  title: 'The cookie is Secure, HttpOnly and SameSite=Lax',
  needs: ['login'],
  examine: ({ login }, { config }) => {
    const name = `${buildCookieNames(config.cookieName ?? '').browser}-`;
    const values = readAnswer(login)?.headers['set-cookie'] ?? [];
    const ours = values.filter((value) => value.startsWith(name));
    const [only] = ours;
    const cure =
      'Any proxy in front of the API must pass on every Set-Cookie unchanged, and cache no response.';
    if (only === undefined || ours.length > 1) {
      return fail(`the login sets ${ours.length} cookies ${name}…, expected one`, cure);
    }
    const attributes = only.split(';').map((part) => part.trim().toLowerCase());
    const missing = flags.filter((flag) => !attributes.includes(flag.toLowerCase()));
    const domain = attributes.some((attribute) => attribute.startsWith('domain='));
    if (missing.length === 0 && !domain) return pass(flags.join('; '));
    const faults = [...missing.map((flag) => `without ${flag}`), ...(domain ? ['with a Domain'] : [])];
    return fail(`${name}… is ${faults.join(', ')}: browsers refuse it`, cure);
  },
};
