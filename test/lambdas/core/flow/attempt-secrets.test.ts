import { expect, test } from '@jest/globals';
import { openSecrets, sealSecrets } from '../../../../lambdas/core/flow/attempt-secrets.ts';
import { createRandomValue } from '../../../../lambdas/core/one-login/random-values.ts';

const secrets = { nonce: 'the-nonce', codeVerifier: 'the-code-verifier' };

// id: attempt-secrets-need-state
test('nonce and code verifier open with the state of their attempt', () => {
  const state = createRandomValue();
  const sealed = sealSecrets(secrets, state);
  expect(JSON.stringify(sealed)).not.toMatch(/the-/);
  expect(openSecrets(sealed, state)).toEqual(secrets);
  // The client repeats a request whose response was lost: by its nonce an attempt is the same one.
  expect(sealSecrets(secrets, state)).toEqual(sealed);
});

test("nonce and code verifier open with no other state, nor in each other's place, nor as plain text", () => {
  const state = createRandomValue();
  const { nonce, codeVerifier } = sealSecrets(secrets, state);
  const unknown = expect.objectContaining({ code: 'attempt_unknown' });
  expect(() => openSecrets({ nonce, codeVerifier }, createRandomValue())).toThrow(unknown);
  expect(() => openSecrets({ nonce: codeVerifier, codeVerifier: nonce }, state)).toThrow(unknown);
  expect(() => openSecrets(secrets, state)).toThrow(unknown);
});
