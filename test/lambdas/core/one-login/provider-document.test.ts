import { describe, expect, test } from '@jest/globals';
import { didDocument } from '../../../../lambdas/core/one-login/did-document.ts';
import { jwksDocument } from '../../../../lambdas/core/one-login/jwks.ts';
import {
  buildDocumentRequest,
  type DocumentDescriptor,
  validateDocument,
} from '../../../../lambdas/core/one-login/provider-document.ts';
import { discoveryDocument } from '../../../../lambdas/core/one-login/provider-metadata.ts';
import { did, ecKey, identityKey, issuer, metadata, metadataDocument, response } from './example-provider.ts';

const discoveryUrl = 'https://oidc.example/.well-known/openid-configuration';
const didDocumentUrl = 'https://identity.example/.well-known/did.json';

describe.each<[string, DocumentDescriptor<unknown>, string, object]>([
  ['discovery', discoveryDocument({ issuer, discoveryUrl }), discoveryUrl, metadataDocument],
  [
    'jwks',
    { ...jwksDocument, url: jwksDocument.url(metadata) },
    'https://oidc.example/.well-known/jwks.json',
    { keys: [ecKey.jwk] },
  ],
  [
    'did',
    didDocument({ did, didDocumentUrl }),
    didDocumentUrl,
    { id: did, assertionMethod: [{ id: identityKey.kid, publicKeyJwk: identityKey.jwk }] },
  ],
])('the document %s', (endpoint, document, url, body) => {
  test('is requested by a GET for JSON at its URL', () => {
    const headers = { accept: 'application/json' };
    expect(buildDocumentRequest(document)).toEqual({ endpoint, method: 'GET', url, headers });
  });

  test('is returned with the time for which it is fresh', () => {
    const fresh = { 'cache-control': 'max-age=600, private' };
    expect(validateDocument(document, response(200, body, fresh))).toEqual({
      contents: document.parse(JSON.stringify(body)),
      freshForMilliseconds: 600_000,
    });
  });

  test('is read up to 65,536 characters', () => {
    const text = JSON.stringify(body).padEnd(65_536);
    expect(document.parse(text)).toBeDefined();
    expect(() => document.parse(`${text} `)).toThrow('longer than 65536 characters');
  });

  test.each([301, 403, 404, 500, 503])('is unavailable when the status is %d', (status) => {
    expect(() => validateDocument(document, response(status, body))).toThrow(
      expect.objectContaining({
        code: 'provider_document_unavailable',
        message: `unexpected status ${status} of ${document.title}, expected 200`,
      }),
    );
  });
});
