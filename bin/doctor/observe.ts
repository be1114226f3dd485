import { type Expectations, type Observations, readAnswer, readHeader, readJson } from './check.ts';
import type { Exchange, Transport } from './transport.ts';

/**
 * Sends every request that the checks need. None does harm: nobody is signed in or out. They leave an attempt to sign in
 * and one to prove an identity, which expire.
 */
export async function observe(
  { config, publicUrl, userAgent, apiUrl }: Expectations,
  transport: Transport,
): Promise<Observations> {
  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    transport.send({ method: 'GET', url, headers: { 'User-Agent': userAgent, ...headers } });
  const getRoute = (path: string, headers?: Readonly<Record<string, string>>) =>
    get(`${publicUrl}/${path}`, headers);
  // First and alone, so that no other request slows it down or opens a connection before it.
  const jwks = await getRoute('.well-known/jwks.json');
  const jwksAgain = await getRoute('.well-known/jwks.json');
  const [
    discovery,
    did,
    login,
    proveIdentity,
    callback,
    logout,
    signedOut,
    userinfo,
    backchannelLogout,
    ownAddress,
    tls,
  ] = await Promise.all([
    get(config.provider.discoveryUrl),
    get(config.provider.didUrl),
    getRoute('login'),
    config.identity === undefined ? undefined : getRoute('prove-identity'),
    getRoute('callback', { Accept: 'text/html' }),
    getRoute('logout', { 'Sec-Fetch-Site': 'cross-site' }),
    getRoute('signed-out'),
    getRoute('userinfo'),
    transport.send({
      method: 'POST',
      url: `${publicUrl}/backchannel-logout`,
      headers: { 'User-Agent': userAgent, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'logout_token=not-a-token',
    }),
    apiUrl === undefined ? undefined : get(`${apiUrl}/.well-known/jwks.json`),
    publicUrl.startsWith('https:') ? transport.tls(publicUrl) : undefined,
  ]);
  const { jwks_uri: jwksUri, authorization_endpoint: authorizationEndpoint } =
    readJson(readAnswer(discovery)) ?? {};
  const follow = (begin: Exchange | undefined) => {
    const answer = readAnswer(begin);
    const location = answer === undefined ? '' : readHeader(answer, 'location');
    return location.startsWith(`${authorizationEndpoint}?`) ? get(location) : undefined;
  };
  const [providerJwks, authorize, authorizeIdentity] = await Promise.all([
    typeof jwksUri === 'string' && URL.canParse(jwksUri) ? get(jwksUri) : undefined,
    follow(login),
    follow(proveIdentity),
  ]);
  return {
    discovery,
    providerJwks,
    did,
    jwks,
    jwksAgain,
    login,
    authorize,
    identity: proveIdentity && { begin: proveIdentity, authorize: authorizeIdentity },
    callback,
    logout,
    signedOut,
    userinfo,
    backchannelLogout,
    ownAddress,
    tls,
  };
}
