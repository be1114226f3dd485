import { type Expectations, readAnswer, readHeader, readJson } from './check.ts';
import type { Observations } from './observations.ts';
import type { Exchange, Transport } from './transport.ts';

/**
 * Asks everything that the checks look at. All of it is harmless: nobody is signed in or out, and what is left behind
 * is an attempt to sign in, and one to prove an identity, which expire.
 */
export async function observe(
  { config, publicUrl, userAgent, apiUrl }: Expectations,
  transport: Transport,
): Promise<Observations> {
  const ask = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    transport.send({ method: 'GET', url, headers: { 'User-Agent': userAgent, ...headers } });
  const askUs = (path: string, headers?: Readonly<Record<string, string>>) =>
    ask(`${publicUrl}/${path}`, headers);
  // Alone and first: nothing else may slow it down, and nothing have warmed it up.
  const jwks = await askUs('.well-known/jwks.json');
  const jwksAgain = await askUs('.well-known/jwks.json');
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
    ask(config.provider.discoveryUrl),
    ask(config.provider.didUrl),
    askUs('login'),
    config.identity === undefined ? undefined : askUs('prove-identity'),
    askUs('callback', { Accept: 'text/html' }),
    askUs('logout', { 'Sec-Fetch-Site': 'cross-site' }),
    askUs('signed-out'),
    askUs('userinfo'),
    transport.send({
      method: 'POST',
      url: `${publicUrl}/backchannel-logout`,
      headers: { 'User-Agent': userAgent, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'logout_token=not-a-token',
    }),
    apiUrl === undefined ? undefined : ask(`${apiUrl}/.well-known/jwks.json`),
    publicUrl.startsWith('https:') ? transport.tls(publicUrl) : undefined,
  ]);
  const { jwks_uri: jwksUri, authorization_endpoint: authorizationEndpoint } =
    readJson(readAnswer(discovery)) ?? {};
  const follow = (begin: Exchange | undefined) => {
    const answer = readAnswer(begin);
    const location = answer === undefined ? '' : readHeader(answer, 'location');
    return location.startsWith(`${authorizationEndpoint}?`) ? ask(location) : undefined;
  };
  const [providerJwks, authorize, authorizeIdentity] = await Promise.all([
    typeof jwksUri === 'string' && URL.canParse(jwksUri) ? ask(jwksUri) : undefined,
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
