import { listRequests } from '../../lib/config/journeys.ts';
import { findAssetPath } from '../../lib/pages/static-assets/static-asset.ts';
import { type Expectations, type Observations, readAnswer, readHeader, readJson } from './check.ts';
import { examinedAssets, isDnsFailure } from './checks/pages.ts';
import type { Exchange, Transport } from './transport.ts';

/**
 * Sends every request that the checks need. None does harm: no user is signed in or out. They leave an attempt to sign in,
 * one to prove an identity and one for each journey, which expire.
 */
export async function observe(
  { config, publicUrl, userAgent, apiUrl }: Expectations,
  network: Transport,
): Promise<Observations> {
  let transport = network;
  const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
    transport.send({ method: 'GET', url, headers: { 'User-Agent': userAgent, ...headers } });
  const getRoute = (path: string, headers?: Readonly<Record<string, string>>) =>
    get(`${publicUrl}/${path}`, headers);
  // First and alone, so that no other request slows it down or opens a connection before it.
  const jwks = await getRoute('.well-known/jwks.json');
  if ('failure' in jwks && isDnsFailure(jwks)) transport = refuse(network, publicUrl, jwks.failure);
  const jwksAgain = await getRoute('.well-known/jwks.json');
  const [, ...requests] = listRequests(config);
  const { begun, ...routes } = await settle({
    discovery: get(config.provider.discoveryUrl),
    did: get(config.provider.didUrl),
    login: getRoute('login'),
    begun: Promise.all(requests.map(async (request) => ({ request, begin: await getRoute(request.path) }))),
    callback: getRoute('callback', { Accept: 'text/html' }),
    stylesheet: getRoute(findAssetPath(examinedAssets.stylesheet), { 'Accept-Encoding': 'gzip' }),
    font: getRoute(findAssetPath(examinedAssets.font)),
    unknownPage: getRoute('no-such-page', { Accept: 'text/html' }),
    unknownJson: getRoute('no-such-page', { Accept: 'application/json' }),
    attack: config.firewall?.managedRuleGroups.includes('AWSManagedRulesCommonRuleSet')
      ? getRoute('signed-out?attack=%3Cscript%3Ealert(1)%3C/script%3E', { Accept: 'text/html' })
      : undefined,
    loginHead: transport.send({
      method: 'HEAD',
      url: `${publicUrl}/login`,
      headers: { 'User-Agent': userAgent },
    }),
    logout: getRoute('logout', { 'Sec-Fetch-Site': 'cross-site' }),
    signedOut: getRoute('signed-out'),
    userinfo: getRoute('userinfo'),
    backchannelLogout: transport.send({
      method: 'POST',
      url: `${publicUrl}/backchannel-logout`,
      headers: { 'User-Agent': userAgent, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'logout_token=not-a-token',
    }),
    ownAddress: apiUrl === undefined ? undefined : get(`${apiUrl}/.well-known/jwks.json`),
    tls: publicUrl.startsWith('https:') ? transport.tls(publicUrl) : undefined,
  });
  const { jwks_uri: jwksUri, authorization_endpoint: authorizationEndpoint } =
    readJson(readAnswer(routes.discovery)) ?? {};
  const follow = (begin: Exchange | undefined) => {
    const answer = readAnswer(begin);
    const location = answer === undefined ? '' : readHeader(answer, 'location');
    return location.startsWith(`${authorizationEndpoint}?`) ? get(location) : undefined;
  };
  const [providerJwks, authorize, observed] = await Promise.all([
    typeof jwksUri === 'string' && URL.canParse(jwksUri) ? get(jwksUri) : undefined,
    follow(routes.login),
    Promise.all(begun.map(async (request) => ({ ...request, authorize: await follow(request.begin) }))),
  ]);
  return { ...routes, jwks, jwksAgain, providerJwks, authorize, requests: observed };
}

/** Every other request to the same host would fail in the same way. */
function refuse(network: Transport, publicUrl: string, failure: string): Transport {
  const { origin } = new URL(publicUrl);
  return {
    send: async (probe) =>
      new URL(probe.url).origin === origin ? { url: probe.url, failure } : network.send(probe),
    tls: async () => ({ failure, acceptsOld: false }),
  };
}

/** Waits for every member. */
async function settle<Members extends object>(members: Members) {
  const settled = Object.entries(members).map(async ([name, member]) => [name, await member] as const);
  return Object.fromEntries(await Promise.all(settled)) as {
    [Name in keyof Members]: Awaited<Members[Name]>;
  };
}
