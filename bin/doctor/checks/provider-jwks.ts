import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { jwksDocument, type ProviderKeySet } from '../../../lambdas/core/one-login/jwks.ts';
import { validateDocument } from '../../../lambdas/core/one-login/provider-document.ts';
import { type Check, describeExchange, fail, findFirst, pass, readAnswer } from '../check.ts';
import { providerResponse } from '../provider-response.ts';
import { findStaleness } from './document-freshness.ts';

export const providerJwks: Check = {
  id: 'provider-jwks',
  title: "One Login's JWKS is valid and fresh",
  needs: ['user-agent', 'discovery'],
  examine: ({ providerJwks: exchange }, { config }) => {
    const answer = readAnswer(exchange);
    if (answer === undefined) {
      return fail(
        describeExchange(exchange),
        "Look at One Login's status page; the functions go on with the last good copy.",
      );
    }
    let keys: ProviderKeySet;
    try {
      ({ contents: keys } = validateDocument(jwksDocument, providerResponse(answer)));
    } catch (error) {
      if (!(error instanceof RelyingPartyError)) throw error;
      return fail(
        error.message,
        'The functions refuse it, and go on with the last good copy. Tell One Login.',
      );
    }
    const { idTokenSigningAlgorithm } = config;
    const algorithms = new Set([...keys.values()].map(({ alg }) => alg));
    return findFirst(
      [
        algorithms.has(idTokenSigningAlgorithm)
          ? undefined
          : fail(
              `it has no ${idTokenSigningAlgorithm} key, by which ID tokens are signed according to the config`,
              'Set idTokenSigningAlgorithm to what the client is registered with.',
            ),
        findStaleness(answer, "One Login's JWKS"),
      ],
      pass(`keys: ${keys.size}, ${[...algorithms].sort().join(', ')}`),
    );
  },
};
