/**
 * Against GOV.UK One Login's official simulator (govuk-one-login/simulator on GitHub). Runs only when ONE_LOGIN_URL is the
 * base URL of a running one, such as `http://localhost:3000`; the service then starts on the port for which the
 * simulator was set up. It needs this environment, here for the port 8090:
 *
 *     PUBLIC_KEY_SOURCE=JWKS PKCE_ENABLED=true
 *     JWKS_URL=http://localhost:8090/auth/.well-known/jwks.json
 *     REDIRECT_URLS=http://localhost:8090/auth/callback
 *     POST_LOGOUT_REDIRECT_URLS=http://localhost:8090/auth/signed-out
 *
 * and, on another port than 3000, PORT and SIMULATOR_URL. In a container it has to share the network of the host. It
 * keeps the first JWKS that it reads, and can't go back to its old keys: start it anew for every run.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type ErrorCode, errorTable } from '../../lambdas/core/errors.ts';
import { identityClaimNames } from '../../lambdas/core/one-login/identity-claims.ts';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import type { LocalEnvironment } from '../../local/environment.ts';
import { configureStart } from '../../local/local-config.ts';
import { sessionCookieName } from '../support/cookie-names.ts';
import { startTestEnvironment } from '../support/environment.ts';
import { type Page, readHeading, WebBrowser } from '../support/web-browser.ts';

jest.setTimeout(30_000);

const { ONE_LOGIN_URL: simulator } = process.env;
const atSimulator = simulator === undefined ? describe.skip : describe;

let environment: LocalEnvironment;

interface Errors {
  readonly idTokenErrors?: readonly string[];
  readonly coreIdentityErrors?: readonly string[];
  readonly authoriseErrors?: readonly string[];
}

/** Configures the simulator. Errors that are not listed end. */
async function configure(change: { readonly errorConfiguration?: Errors; readonly [name: string]: unknown }) {
  const response = await fetch(`${simulator}/config`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  expect([response.status, await response.text()]).toEqual([200, '']);
}

/** The deployment with the lowest levels, and with journeys that request more. */
function withJourneys(config: DeploymentConfig): DeploymentConfig {
  const { coreIdentityJwt, passport } = identityClaimNames;
  return {
    ...config,
    authentication: { vtr: ['Cl'] },
    ...(config.identity && { identity: { ...config.identity, vtr: ['Cl.Cm.P1'] } }),
    journeys: [
      { name: 'strong', vtr: ['Cl.Cm'] },
      { name: 'licence', vtr: ['Cl.Cm.P2'] },
      { name: 'travel', vtr: ['Cl.Cm.P1'], claims: [coreIdentityJwt, passport] },
    ],
  };
}

/** The port of the service for which the simulator was set up. */
async function servicePort(): Promise<number> {
  const { clientConfiguration } = Object(await (await fetch(`${simulator}/config`)).json());
  const { publicKeySource, jwksUrl = '' } = clientConfiguration;
  if (publicKeySource !== 'JWKS' || !URL.canParse(jwksUrl)) {
    throw new Error('the simulator is to be started with PUBLIC_KEY_SOURCE=JWKS and JWKS_URL');
  }
  return Number(new URL(jwksUrl).port);
}

beforeAll(async () => {
  if (simulator === undefined) return;
  const port = await servicePort();
  const config = await configureStart({
    publicOrigin: `http://localhost:${port}`,
    oneLoginPort: 0,
    oneLoginUrl: simulator,
  });
  environment = await startTestEnvironment({ config: withJourneys(config), port, externalProvider: true });
  const claims = Object.values(identityClaimNames);
  await configure({ clientConfiguration: { claims, clientLoCs: ['P0', 'P1', 'P2'] } });
});

afterAll(async () => {
  if (simulator === undefined) return;
  await configure({ responseConfiguration: { returnCodes: null } });
  await environment.close();
});

const open = (browser: WebBrowser, route: string) =>
  browser.open(`${environment.publicUrl}/${route}${route.includes('?') ? '&' : '?'}return_to=/`);

async function userinfo(browser: WebBrowser) {
  const { status, body } = await browser.open(`${environment.publicUrl}/userinfo`);
  return { status, body: JSON.parse(body) as Record<string, unknown> };
}

/** A refusal for that reason, without a session. */
async function expectRefusal(route: string, heading: string, code: ErrorCode): Promise<Page> {
  const from = environment.logs.length;
  const browser = new WebBrowser();
  const page = await open(browser, route);
  const codes = environment.logs
    .slice(from)
    .map(({ line }) => JSON.parse(line))
    .flatMap((line) => (line.event === 'refused' ? [line.code] : []));
  expect(codes).toEqual([code]);
  expect([page.status, readHeading(page)]).toEqual([errorTable[code].status, heading]);
  expect(browser.cookies.get(sessionCookieName)).toBeUndefined();
  expect((await userinfo(browser)).status).toBe(401);
  return page;
}

const problem = 'Sorry, there is a problem with the service';
const unavailable = 'GOV.UK One Login is temporarily unavailable';
const denied = 'You have not been signed in';

atSimulator('with the official simulator (skipped unless ONE_LOGIN_URL names a running one)', () => {
  test('a user signs in, steps up to two factors, and signs out', async () => {
    await configure({});
    const browser = new WebBrowser();
    const home = await open(browser, 'login');
    expect(readHeading(home)).toBe('You are signed in');
    expect(await userinfo(browser)).toMatchObject({
      status: 200,
      body: { email: 'test@example.com', vot: 'Cl', identity: { outcome: 'not_requested' } },
    });
    await open(browser, 'login?journey=strong');
    expect((await userinfo(browser)).body).toMatchObject({ vot: 'Cl.Cm' });
    const signedOut = await browser.goFrom(home, '/auth/logout');
    expect(signedOut.answers.map(({ url }) => url.pathname)).toEqual([
      '/auth/logout',
      '/logout',
      '/auth/signed-out',
    ]);
    expect((await userinfo(browser)).status).toBe(401);
  });

  test.each<[string, ErrorCode]>([
    ['INVALID_ISS', 'id_token_iss_unexpected'],
    ['INVALID_AUD', 'id_token_aud_unexpected'],
    ['INVALID_ALG_HEADER', 'id_token_alg_unexpected'],
    ['INVALID_SIGNATURE', 'id_token_signature_invalid'],
    ['TOKEN_EXPIRED', 'id_token_expired'],
    ['TOKEN_NOT_VALID_YET', 'id_token_from_the_future'],
    ['NONCE_NOT_MATCHING', 'id_token_nonce_unexpected'],
    ['INCORRECT_VOT', 'id_token_vot_insufficient'],
  ])('an ID token with %s is refused', async (error, code) => {
    await configure({ errorConfiguration: { idTokenErrors: [error] } });
    await expectRefusal('login?journey=strong', problem, code);
  });

  test.each<[string, ErrorCode, string]>([
    ['ACCESS_DENIED', 'authorization_access_denied', denied],
    ['TEMPORARILY_UNAVAILABLE', 'authorization_temporarily_unavailable', unavailable],
  ])('the error %s becomes an error page', async (error, code, heading) => {
    await configure({ errorConfiguration: { authoriseErrors: [error] } });
    await expectRefusal('login', heading, code);
  });

  test('an identity is proved, with the claims that were requested', async () => {
    await configure({
      responseConfiguration: {
        passportDetails: [{ documentNumber: '1223456', icaoIssuerCode: 'GBR', expiryDate: '2032-02-02' }],
        drivingPermitDetails: [{ personalNumber: 'DOE99802085J99FG', issuedBy: 'DVLA' }],
      },
    });
    const browser = new WebBrowser();
    expect(readHeading(await open(browser, 'prove-identity'))).toBe('You are signed in');
    const { body } = await userinfo(browser);
    expect(body).toMatchObject({
      vot: 'Cl.Cm',
      identity: {
        outcome: 'proved',
        vot: 'P2',
        names: [{ given_names: ['GEOFFREY'], family_names: ['HEARNSHAW'] }],
        birth_dates: ['1955-04-19'],
      },
      [identityClaimNames.passport]: [{ documentNumber: '1223456' }],
      [identityClaimNames.drivingPermit]: [{ personalNumber: 'DOE99802085J99FG' }],
      [identityClaimNames.address]: [{ postalCode: 'GL1 5QB' }],
    });
    expect(body).not.toHaveProperty([identityClaimNames.coreIdentityJwt]);
  });

  test('journeys prove an identity at their level with their claims, one after the other', async () => {
    await configure({});
    const browser = new WebBrowser();
    for (const journey of ['', '?journey=licence', '?journey=travel']) {
      expect(readHeading(await open(browser, `prove-identity${journey}`))).toBe('You are signed in');
    }
    const { coreIdentityJwt, address, passport, drivingPermit, returnCode } = identityClaimNames;
    expect((await userinfo(browser)).body['identity']).toMatchObject({
      outcome: 'proved',
      vot: 'P2',
      claims: [coreIdentityJwt, address, passport, drivingPermit, returnCode],
    });
  });

  test.each<[string, ErrorCode]>([
    ['INVALID_ALG_HEADER', 'core_identity_alg_unexpected'],
    ['INVALID_SIGNATURE', 'core_identity_signature_invalid'],
    ['INVALID_ISS', 'core_identity_iss_unexpected'],
    ['INVALID_AUD', 'core_identity_aud_unexpected'],
    ['INCORRECT_SUB', 'core_identity_sub_unexpected'],
    ['TOKEN_EXPIRED', 'core_identity_expired'],
  ])('a core identity with %s is refused', async (error, code) => {
    await configure({ errorConfiguration: { coreIdentityErrors: [error] } });
    await expectRefusal('prove-identity', problem, code);
  });

  test('an identity that was proved below the requested level is refused', async () => {
    await configure({ responseConfiguration: { maxLoCAchieved: 'P1' } });
    await expectRefusal('prove-identity?journey=licence', problem, 'core_identity_vot_insufficient');
    await configure({ responseConfiguration: { maxLoCAchieved: 'P2' } });
  });

  describe('return codes', () => {
    let credential: unknown;

    beforeAll(async () => {
      const { responseConfiguration } = Object(await (await fetch(`${simulator}/config`)).json());
      credential = responseConfiguration.coreIdentityVerifiableCredentials;
    });

    afterAll(() => configure({ responseConfiguration: { coreIdentityVerifiableCredentials: credential } }));

    test.each(['A', 'F', 'P', 'Z'])('%s come with a core identity', async (code) => {
      await configure({
        responseConfiguration: {
          returnCodes: [{ code }],
          coreIdentityVerifiableCredentials: credential,
        },
      });
      const browser = new WebBrowser();
      expect(readHeading(await open(browser, 'prove-identity'))).toBe('You are signed in');
      const { body } = await userinfo(browser);
      expect(body['identity']).toMatchObject({ outcome: 'proved', return_codes: [code] });
    });

    test.each(['A', 'F', 'P', 'Z'])('%s come without one', async (code) => {
      await configure({
        responseConfiguration: { returnCodes: [{ code }], coreIdentityVerifiableCredentials: null },
      });
      const browser = new WebBrowser();
      expect(readHeading(await open(browser, 'prove-identity'))).toBe('You could not prove your identity');
      const { body } = await userinfo(browser);
      expect(body['identity']).toMatchObject({ outcome: 'not_proved', names: [], return_codes: [code] });
      expect(body).not.toHaveProperty([identityClaimNames.address]);
    });
  });

  test('new keys for ID tokens are followed at once, without a failed sign-in', async () => {
    const signIn = async () => readHeading(await open(new WebBrowser(), 'login'));
    const storedKeys = () =>
      environment.awsCalls.filter(({ caller, action, input }) => {
        const isDocument = JSON.stringify(input).includes('{"S":"jwks"}');
        return caller === environment.functionId('callback') && action === 'PutItem' && isDocument;
      });
    expect(await signIn()).toBe('You are signed in');
    await configure({ publishNewIdTokenSigningKeys: true });
    expect(await signIn()).toBe('You are signed in');
    expect(storedKeys()).toHaveLength(0);
    await configure({ publishNewIdTokenSigningKeys: true, useNewIdTokenSigningKeys: true });
    const several = await Promise.all(Array.from({ length: 10 }, signIn));
    expect(new Set(several)).toEqual(new Set(['You are signed in']));
    expect(storedKeys()).toHaveLength(1);
  });
});
