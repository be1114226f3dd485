import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import {
  didDocument as describeDidDocument,
  type IdentityKeySet,
} from '../../../lambdas/core/one-login/did-document.ts';
import { validateDocument } from '../../../lambdas/core/one-login/provider-document.ts';
import { type Check, describeExchange, fail, findFirst, pass, readAnswer } from '../check.ts';
import { providerResponse } from '../provider-response.ts';
import { findStaleness } from './document-freshness.ts';

export const didDocument: Check = {
  id: 'did-document',
  title: 'The DID document with the keys of core identities is valid and fresh',
  needs: ['user-agent'],
  examine: ({ did: exchange }, { config }) => {
    const { didId: did, didUrl } = config.provider;
    const answer = readAnswer(exchange);
    if (answer === undefined) {
      return fail(
        describeExchange(exchange),
        `Is ${didUrl} right, and reachable from here? The functions go on with the last good copy.`,
      );
    }
    let keys: IdentityKeySet;
    try {
      const document = describeDidDocument({ did, didDocumentUrl: didUrl });
      ({ contents: keys } = validateDocument(document, providerResponse(answer)));
    } catch (error) {
      if (!(error instanceof RelyingPartyError)) throw error;
      return fail(
        error.message,
        `The functions refuse it, and go on with the last good copy. Expected is ${did}.`,
      );
    }
    return findFirst([findStaleness(answer, 'the DID document')], pass(`${did}, keys: ${keys.size}`));
  },
};
