import { afterEach, describe, expect, test } from '@jest/globals';
import { configureStart, loadLocalConfig } from '../../local/local-config.ts';
import { type LoopbackServer, listenInternally } from '../../local/loopback-server.ts';
import { discoverProvider } from '../../local/provider.ts';

let server: LoopbackServer | undefined;
afterEach(() => server?.close());

/** A provider that returns the same response for every request. */
async function serve(status: number, body: string): Promise<string> {
  server = await listenInternally((_request, response) => response.writeHead(status).end(body));
  return server.url;
}

describe('the provider at ONE_LOGIN_URL', () => {
  test('has the issuer of its discovery document', async () => {
    const url = await serve(200, '{"issuer":"http://localhost:3000/"}');
    await expect(discoverProvider(url)).resolves.toEqual({
      issuer: 'http://localhost:3000/',
      discoveryUrl: `${url}/.well-known/openid-configuration`,
      coreIdentityIssuer: 'http://localhost:3000/',
      didUrl: `${url}/.well-known/did.json`,
      didId: `did:web:127.0.0.1%3A${server?.port}`,
    });
  });

  test.each([
    ['responds with an error', 500, '{}', 'it responds with status 500'],
    ['responds with something else', 200, '<html>', 'there is no discovery document at'],
    ['names no issuer', 200, '{}', 'has no issuer'],
  ])('ends the start when it %s', async (_name, status, body, problem) => {
    const url = await serve(status, body);
    await expect(discoverProvider(url)).rejects.toThrow(/^ONE_LOGIN_URL: /);
    await expect(discoverProvider(url)).rejects.toThrow(problem);
  });

  test('ends the start when it does not run', async () => {
    const url = await serve(200, '');
    await server?.close();
    await expect(discoverProvider(url)).rejects.toThrow(
      `ONE_LOGIN_URL: there is no discovery document at ${url}/.well-known/openid-configuration: ECONNREFUSED`,
    );
  });
});

describe('the config of npm start', () => {
  test('is config/local.json', async () => {
    await expect(
      configureStart({ publicOrigin: 'http://localhost:8080', oneLoginPort: 3000 }),
    ).resolves.toEqual(loadLocalConfig());
  });

  test('has the ports and the client of the environment variables', async () => {
    const config = await configureStart({
      publicOrigin: 'http://localhost:9000',
      oneLoginPort: 9001,
      clientId: 'mine',
    });
    expect(config).toMatchObject({
      publicUrl: 'http://localhost:9000/auth',
      serviceUrl: 'http://localhost:9000/',
      clientId: 'mine',
      provider: {
        issuer: 'http://localhost:9001/',
        discoveryUrl: 'http://localhost:9001/.well-known/openid-configuration',
        didId: 'did:web:localhost%3A9001',
      },
    });
  });

  test('has the provider of ONE_LOGIN_URL', async () => {
    const oneLoginUrl = await serve(200, '{"issuer":"http://localhost:3000/"}');
    const config = await configureStart({
      publicOrigin: 'http://localhost:8080',
      oneLoginPort: 3000,
      oneLoginUrl,
    });
    expect(config.provider).toMatchObject({
      issuer: 'http://localhost:3000/',
      didUrl: `${oneLoginUrl}/.well-known/did.json`,
    });
  });
});
