/** Values that are to be in no log and on no page, and how each comes to the service. */
import fc from 'fast-check';
import { browserCookieName, sessionCookieName } from './cookie-names.ts';
import type { Script } from './scripted-provider.ts';

/** One set of them, each of the form that its place requires. */
export interface Marks {
  readonly code: string;
  readonly subject: string;
  readonly accessToken: string;
  readonly email: string;
  readonly phone: string;
  readonly name: string;
  readonly document: string;
  readonly returnCode: string;
  /** In the place of an error's name: it may have all characters that such a name may have. */
  readonly error: string;
  /** In everything else that One Login returns. */
  readonly fromOneLogin: string;
  /** In AWS's error messages. */
  readonly fromAws: string;
  /** In what a caller sends. */
  readonly fromCaller: string;
  readonly header: string;
}

const printable = fc.constantFrom(...'abcXYZ019 !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');
const anything = fc.constantFrom(
  ...'abcXYZ019 \'"<>&\\%+/=\n\t',
  ...['é', 'ж', '漢', 'ع', '👩🏽‍🚀', '$'.concat('{'), '\u2028'],
);

const mark = (unit: fc.Arbitrary<string>) =>
  fc.string({ unit, minLength: 16, maxLength: 40 }).map((text) => `M${text.trim()}mark`);

export const marks: fc.Arbitrary<Marks> = fc.record({
  code: mark(printable),
  subject: mark(fc.constantFrom(...'abcXYZ019:_-+/=&<"\'')),
  accessToken: mark(fc.constantFrom(...'abcXYZ019._~+/-')),
  email: mark(anything),
  phone: mark(anything),
  name: mark(anything),
  document: mark(anything),
  returnCode: mark(anything),
  error: mark(fc.constantFrom(..."abcXYZ019 !#$%&'()*+,-./:;<=>?@[]^_`{|}~")),
  fromOneLogin: mark(anything),
  fromAws: mark(anything),
  fromCaller: mark(anything),
  header: mark(printable),
});

type Claims = Readonly<Record<string, unknown>>;
const passport = 'https://vocab.account.gov.uk/v1/passport';
const returnCode = 'https://vocab.account.gov.uk/v1/returnCode';
const coreIdentityJwt = 'https://vocab.account.gov.uk/v1/coreIdentityJWT';

/** A provider that returns everything as it should. */
export function buildScript(made: Marks): Script {
  const credentialSubject = {
    name: [{ nameParts: [{ type: 'GivenName', value: made.name }] }],
    birthDate: [{ value: '1985-03-11' }],
  };
  return {
    sub: made.subject,
    accessToken: made.accessToken,
    userinfo: {
      email: made.email,
      phone_number: made.phone,
      [passport]: [{ documentNumber: made.document }],
      [returnCode]: [{ code: made.returnCode }],
    },
    coreIdentity: { claims: { vc: { credentialSubject } } },
  };
}

/** A provider that does not, by what it returns instead. */
export function listMisbehaviours(made: Marks): Readonly<Record<string, Partial<Script>>> {
  const { fromOneLogin } = made;
  const said = { error: fromOneLogin, error_description: fromOneLogin };
  const answer = (path: '/token' | '/userinfo', status: number, body: unknown) => {
    const headers = { 'www-authenticate': encodeURIComponent(fromOneLogin) };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { answers: { [path]: { status, headers, body: text } } };
  };
  const tokens = { access_token: made.accessToken, token_type: 'Bearer' };
  const idToken = (claims: Claims) => ({ idToken: { claims } });
  const coreIdentity = (claims: Claims) => ({ coreIdentity: { claims } });
  const subject = (credentialSubject: unknown) => coreIdentity({ vc: { credentialSubject } });
  const userinfo = (claims: Claims) => ({ userinfo: claims });
  return {
    'unknown error of /token': answer('/token', 400, said),
    'refused code': answer('/token', 400, { ...said, error: 'invalid_grant' }),
    'refused client': answer('/token', 401, { ...said, error: 'invalid_client' }),
    'failing /token': answer('/token', 500, fromOneLogin),
    '/token without JSON': answer('/token', 200, fromOneLogin),
    'other token type': answer('/token', 200, { ...tokens, token_type: fromOneLogin }),
    'no ID token': answer('/token', 200, tokens),
    'ID token that is none': answer('/token', 200, { ...tokens, id_token: fromOneLogin }),
    'ID token of another algorithm': { idToken: { header: { alg: fromOneLogin } } },
    'ID token by an unknown key': { idToken: { header: { kid: fromOneLogin } } },
    'core identity by an unknown key': { coreIdentity: { header: { kid: fromOneLogin } } },
    'critical header': { idToken: { header: { crit: [fromOneLogin] } } },
    'other issuer': idToken({ iss: fromOneLogin }),
    'other audience': idToken({ aud: [fromOneLogin] }),
    'other nonce': idToken({ nonce: fromOneLogin }),
    'ill-formed subject': idToken({ sub: `${fromOneLogin}\n` }),
    'ill-formed expiry': idToken({ exp: fromOneLogin }),
    'ill-formed vot': idToken({ vot: fromOneLogin }),
    'other access token': idToken({ at_hash: fromOneLogin }),
    'failing /userinfo': answer('/userinfo', 500, fromOneLogin),
    'refusing /userinfo': answer('/userinfo', 401, said),
    '/userinfo without JSON': answer('/userinfo', 200, fromOneLogin),
    'userinfo of another': userinfo({ email: made.email, sub: fromOneLogin }),
    'ill-formed email': userinfo({ email: [made.email] }),
    'ill-formed documents': userinfo({ [passport]: made.document }),
    'core identity that is none': userinfo({ [coreIdentityJwt]: fromOneLogin }),
    'core identity of another issuer': coreIdentity({ iss: fromOneLogin }),
    'core identity of another user': coreIdentity({ sub: fromOneLogin }),
    'core identity of another level': coreIdentity({ vot: fromOneLogin }),
    'name of a strange kind': subject({ name: [{ nameParts: [{ type: made.name, value: made.name }] }] }),
    'ill-formed birth date': subject({ name: made.name, birthDate: made.document }),
    'birth date that is no date': subject({
      name: [{ nameParts: [{ type: 'GivenName', value: made.name }] }],
      birthDate: [{ value: made.document }],
    }),
    'identity of a strange kind': coreIdentity({ vc: made.name }),
  };
}

/** What a caller may send to any route, in the query or body, the cookies and the headers. */
export function buildJunk({ fromCaller, header }: Marks) {
  const parameters = ['code', 'state', 'error', 'error_description', 'logout_token', 'return_to', 'lang'];
  const encoded = encodeURIComponent(fromCaller);
  return {
    query: new URLSearchParams(
      [...parameters, fromCaller].map((name): [string, string] => [name, fromCaller]),
    ),
    headers: {
      cookie: [sessionCookieName, browserCookieName, encoded].map((name) => `${name}=${encoded}`).join('; '),
      referer: `http://localhost/${encoded}`,
      authorization: `Bearer ${header}`,
      'user-agent': header,
      'x-forwarded-for': header,
      'accept-language': header,
      'sec-fetch-site': header,
    },
  };
}
