import { describe, expect, test } from '@jest/globals';
import { parseProviderMetadata } from '../../../../lambdas/core/one-login/provider-metadata.ts';
import { issuer, metadataDocument } from './example-provider.ts';

const parse = (changes: object) =>
  parseProviderMetadata(JSON.stringify({ ...metadataDocument, ...changes }), { issuer });

describe('the discovery document', () => {
  // id: metadata-endpoints
  test('gives the issuer and the endpoints', () => {
    expect(parse({ trustmarks: 'x' })).toEqual(metadataDocument);
  });

  test.each([
    [
      'is accepted with all that One Login lists',
      {
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_post'],
        token_endpoint_auth_signing_alg_values_supported: ['RS256', 'PS256'],
      },
    ],
    [
      'is accepted with an endpoint that has a query',
      { authorization_endpoint: 'https://oidc.example/a?b=c' },
    ],
  ])('%s', (_case, changes) => {
    expect(parse(changes)).toMatchObject({ issuer });
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
    'is accepted from %s, which is this machine',
    (at) => {
      const local = JSON.stringify(metadataDocument).replaceAll('https://oidc.example', at);
      expect(parseProviderMetadata(local, { issuer: `${at}/` })).toMatchObject({ issuer: `${at}/` });
      expect(() => parse({ token_endpoint: `${at}/token` })).toThrow('"token_endpoint" is not at the issuer');
    },
  );

  test.each([
    'http://oidc.example',
    'ftp://oidc.example',
    'ftp://localhost',
    'javascript://localhost',
    'https://a:b@oidc.example',
  ])('is refused at %s, though its issuer is there as well', (at) => {
    const insecure = JSON.stringify(metadataDocument).replaceAll('https://oidc.example', at);
    expect(() => parseProviderMetadata(insecure, { issuer: `${at}/` })).toThrow(
      expect.objectContaining({ code: 'provider_metadata_invalid' }),
    );
  });

  test.each(['not a URL', 'https://a:b@oidc.example/'])('is refused when its issuer is %s', (wrong) => {
    const document = JSON.stringify({ ...metadataDocument, issuer: wrong });
    expect(() => parseProviderMetadata(document, { issuer: wrong })).toThrow(
      expect.objectContaining({ code: 'provider_metadata_invalid' }),
    );
  });

  test.each(
    [
      'authorization_endpoint',
      'token_endpoint',
      'userinfo_endpoint',
      'end_session_endpoint',
      'jwks_uri',
    ].flatMap((name) =>
      [
        'https://oidc.example.attacker.example/x',
        'https://attacker.example/x',
        'https://oidc.example:8443/x',
        'https://sub.oidc.example/x',
      ].map((url) => [name, url] as const),
    ),
  )('is refused when its %s is %s, which is not at the issuer', (name, url) => {
    expect(() => parse({ [name]: url })).toThrow(
      expect.objectContaining({
        code: 'provider_metadata_invalid',
        message: expect.stringContaining(`"${name}" is not at the issuer`),
      }),
    );
  });

  // id: bad-metadata-refused
  test.each<[string, object, string]>([
    ['another issuer', { issuer: 'https://oidc.example.attacker.example/' }, '"issuer"'],
    ['an issuer without its trailing slash', { issuer: 'https://oidc.example' }, '"issuer"'],
    ['no issuer', { issuer: undefined }, '"issuer"'],
    [
      'no PKCE with S256',
      { code_challenge_methods_supported: ['plain'] },
      '"code_challenge_methods_supported"',
    ],
    ['no code flow', { response_types_supported: ['id_token'] }, '"response_types_supported"'],
    ['a list that is none', { response_types_supported: 'code' }, '"response_types_supported"'],
    [
      'no private_key_jwt',
      { token_endpoint_auth_methods_supported: ['client_secret_post'] },
      '"token_endpoint_auth_methods_supported"',
    ],
    [
      'no PS256',
      { token_endpoint_auth_signing_alg_values_supported: ['RS256'] },
      '"token_endpoint_auth_signing_alg_values_supported"',
    ],
    ...Object.keys(metadataDocument)
      .filter((name) => name !== 'issuer')
      .flatMap((name): [string, object, string][] => [
        [`no ${name}`, { [name]: undefined }, `"${name}"`],
        [`an http ${name}`, { [name]: 'http://oidc.example/x' }, `"${name}"`],
      ]),
    [
      'an http endpoint on a host named like localhost',
      { token_endpoint: 'http://localhost.example/' },
      '"token_endpoint"',
    ],
    ['a relative endpoint', { token_endpoint: '/token' }, '"token_endpoint"'],
    ['an endpoint that is a list', { token_endpoint: ['https://oidc.example/token'] }, '"token_endpoint"'],
    [
      'an endpoint with credentials',
      { token_endpoint: 'https://a:b@oidc.example/token' },
      '"token_endpoint"',
    ],
    ['an endpoint with a user name', { token_endpoint: 'https://a@oidc.example/token' }, '"token_endpoint"'],
    ['an endpoint with a password', { token_endpoint: 'https://:b@oidc.example/token' }, '"token_endpoint"'],
    ['an endpoint with a fragment', { token_endpoint: 'https://oidc.example/token#' }, '"token_endpoint"'],
    ['a javascript endpoint', { end_session_endpoint: 'javascript:alert(1)' }, '"end_session_endpoint"'],
    ['more than 64 KiB', { padding: 'x'.repeat(65_536) }, 'longer'],
  ])('is refused with %s', (_case, changes, named) => {
    expect(() => parse(changes)).toThrow(
      expect.objectContaining({
        code: 'provider_metadata_invalid',
        message: expect.stringContaining(named),
      }),
    );
  });

  test.each(['', '<html>', '[]', 'null', '"text"'])('is refused when it is %j', (body) => {
    expect(() => parseProviderMetadata(body, { issuer })).toThrow(
      expect.objectContaining({ code: 'provider_metadata_invalid' }),
    );
  });
});
