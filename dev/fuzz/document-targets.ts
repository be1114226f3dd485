/** The documents that One Login publishes, and the parameters with which it sends users back. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { validateAuthorizationResponse } from '../../lambdas/core/one-login/authorization-response.ts';
import { parseDidDocument } from '../../lambdas/core/one-login/did-document.ts';
import { type ProviderKey, parseJwks } from '../../lambdas/core/one-login/jwks.ts';
import { parseProviderMetadata } from '../../lambdas/core/one-login/provider-metadata.ts';
import {
  createProviderSigningKey,
  did,
  didBody,
  discoveryBody,
  issuer,
  jwksBody,
} from '../../test/support/provider-documents.ts';
import { expectRefusalOrResult } from './examine-error.ts';
import {
  changeDocument,
  changeText,
  type DocumentChange,
  documentChange,
  hostileText,
  type TextChange,
  textChange,
} from './hostile-values.ts';
import type { Target } from './target.ts';

const discovery: Target<DocumentChange> = {
  name: 'discovery',
  about: 'discovery documents',
  share: 5,
  inputs: documentChange,
  async examine(change) {
    const body = changeDocument(JSON.parse(discoveryBody), change);
    const metadata = await expectRefusalOrResult(
      () => parseProviderMetadata(body, { issuer }),
      /^provider_metadata_invalid$/,
    );
    for (const url of Object.values(metadata ?? {})) {
      const { protocol, origin, username, password } = new URL(url);
      assert.deepEqual(
        [protocol, `${origin}/`, username + password],
        ['https:', issuer, ''],
        'an endpoint is elsewhere',
      );
    }
  },
};

const keys = [createProviderSigningKey('key-1'), createProviderSigningKey('key-2')];

/** No key has a secret or symmetric part, neither as it was read nor as it was published. */
function examineKeys(found: ReadonlyMap<string, ProviderKey>, published: readonly unknown[]): void {
  const secrets = published
    .flatMap((jwk) => Object.keys(Object(jwk)))
    .filter((name) => /^(d|k|p|oth)$/.test(name));
  assert.deepEqual(secrets, [], 'a secret was published');
  assert(found.size > 0, 'a set without a key');
  for (const { alg, publicKey } of found.values()) {
    assert.equal(publicKey.type, 'public');
    assert.equal(publicKey.asymmetricKeyType, alg === 'ES256' ? 'ec' : 'rsa');
  }
}

const jwks: Target<DocumentChange> = {
  name: 'jwks',
  about: 'key sets',
  share: 5,
  inputs: documentChange,
  async examine(change) {
    const body = changeDocument(JSON.parse(jwksBody(...keys)), change);
    const found = await expectRefusalOrResult(() => parseJwks(body), /^provider_jwks_invalid$/);
    if (found !== undefined) examineKeys(found, JSON.parse(body).keys);
  },
};

const didKeys = [createProviderSigningKey(`${did}#key-1`), createProviderSigningKey(`${did}#key-2`)];

const didDocument: Target<DocumentChange> = {
  name: 'did',
  about: 'DID documents',
  share: 5,
  inputs: documentChange,
  async examine(change) {
    const body = changeDocument(JSON.parse(didBody(...didKeys)), change);
    const found = await expectRefusalOrResult(
      () => parseDidDocument(body, { did }),
      /^provider_did_document_invalid$/,
    );
    if (found === undefined) return;
    const methods: readonly unknown[] = JSON.parse(body).assertionMethod;
    examineKeys(
      found,
      methods.map((method) => Object(method).publicKeyJwk),
    );
    for (const kid of found.keys()) assert(kid.startsWith(`${did}#`), 'a key of another DID');
  },
};

const parameters = ['code', 'state', 'error', 'error_description', 'iss', 'session_state'] as const;
const validState = 'c3RhdGU'.repeat(6).padEnd(43, 'A');

interface ResponseChange {
  readonly parameters: readonly (readonly [string, readonly string[]])[];
  readonly state: readonly TextChange[];
}

const authorizationResponse: Target<ResponseChange> = {
  name: 'authorization-response',
  about: "parameters of One Login's authorization response",
  share: 5,
  inputs: fc.record({
    parameters: fc.array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...parameters), hostileText),
        fc.array(hostileText, { maxLength: 3 }),
      ),
      { maxLength: 6 },
    ),
    state: fc.array(textChange, { maxLength: 1 }),
  }),
  async examine({ parameters, state }) {
    const query = new Map<string, readonly string[]>([
      ['state', [state.reduce(changeText, validState)]],
      ...parameters,
    ]);
    const response = await expectRefusalOrResult(
      () => validateAuthorizationResponse(query),
      /^authorization_response_malformed$/,
    );
    if (response === undefined) return;
    assert.match(response.state, /^[\w-]{43}$/);
    if (response.kind === 'code') assert.match(response.code, /^[\x20-\x7e]{1,512}$/);
    assert.deepEqual(
      [query.has('code') && query.get('code')?.length !== 0, query.get(response.kind)?.length],
      [response.kind === 'code', 1],
    );
  },
};

export const documentTargets = [discovery, jwks, didDocument, authorizationResponse] as const;
