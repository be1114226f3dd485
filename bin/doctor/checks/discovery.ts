import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { validateDocument } from '../../../lambdas/core/one-login/provider-document.ts';
import { discoveryDocument } from '../../../lambdas/core/one-login/provider-metadata.ts';
import { type Check, describeExchange, fail, findFirst, pass, readAnswer, readJson } from '../check.ts';
import { providerResponse } from '../provider-response.ts';
import { findStaleness } from './document-freshness.ts';

export const discovery: Check = {
  id: 'discovery',
  title: "One Login's discovery document is there, and as configured",
  needs: ['user-agent'],
  examine: ({ discovery: exchange }, { config }) => {
    const { provider, idTokenSigningAlgorithm } = config;
    const answer = readAnswer(exchange);
    if (answer === undefined || answer.status !== 200) {
      return fail(
        describeExchange(exchange),
        `Look at One Login's status page. If it is up: can this machine reach it? Is the environment of the config, ${config.environment}, right? The functions go on with the last good copy.`,
      );
    }
    try {
      validateDocument(discoveryDocument(provider), providerResponse(answer));
    } catch (error) {
      if (!(error instanceof RelyingPartyError)) throw error;
      return fail(
        error.message,
        `The functions refuse this document, and go on with the last good copy. Expected is the issuer ${provider.issuer}: compare it with the document, and with the environment of the config.`,
      );
    }
    const algorithms = readJson(answer)?.['id_token_signing_alg_values_supported'];
    const unsupported = Array.isArray(algorithms) && !algorithms.includes(idTokenSigningAlgorithm);
    return findFirst(
      [
        unsupported
          ? fail(
              `it does not offer ID tokens signed by ${idTokenSigningAlgorithm}`,
              'Set idTokenSigningAlgorithm to what the client is registered with.',
            )
          : undefined,
        findStaleness(answer, 'the discovery document'),
      ],
      pass(provider.issuer),
    );
  },
};
