import { RelyingPartyError } from '../../../lambdas/core/errors.ts';
import { didDocument as describeDidDocument } from '../../../lambdas/core/one-login/did-document.ts';
import { jwksDocument } from '../../../lambdas/core/one-login/jwks.ts';
import {
  type DocumentDescriptor,
  validateDocument,
} from '../../../lambdas/core/one-login/provider-document.ts';
import { discoveryDocument } from '../../../lambdas/core/one-login/provider-metadata.ts';
import {
  type Check,
  describeExchange,
  type Finding,
  fail,
  findFirst,
  pass,
  readAnswer,
  readHeader,
  readJson,
  skip,
  warn,
} from '../check.ts';
import type { Answer } from '../transport.ts';

export const userAgent: Check = {
  id: 'user-agent',
  title: 'One Login accepts the User-Agent that the functions send',
  needs: [],
  examine: ({ discovery, did, providerJwks }, { userAgent: sent }) => {
    const answers = [discovery, did, providerJwks].flatMap((exchange) => readAnswer(exchange) ?? []);
    if (answers.length === 0) return skip('One Login does not respond');
    if (answers.some(({ status }) => status === 403)) {
      return fail(
        `One Login returns 403 to ${sent}`,
        'Its firewall refuses requests without a User-Agent, and may refuse this one: set serviceUrl to the web address of the service and deploy. If that does not help, ask One Login whether it blocks you.',
      );
    }
    return pass(sent);
  },
};

export const discovery: Check = {
  id: 'discovery',
  title: "One Login's discovery document is available, fresh and as configured",
  needs: ['user-agent'],
  examine: ({ discovery: exchange }, { config }) => {
    const { provider, idTokenSigningAlgorithm } = config;
    const answer = readAnswer(exchange);
    if (answer === undefined || answer.status !== 200) {
      return fail(
        describeExchange(exchange),
        `Look at One Login's status page. If it is up: can this machine reach it? Is the environment of the config, ${config.environment}, right? The functions use the last good copy.`,
      );
    }
    const document = readDocument(discoveryDocument(provider), answer);
    if ('mistake' in document) {
      return fail(
        document.mistake,
        `The functions refuse this document and use the last good copy. The issuer should be ${provider.issuer}: compare it with the document, and with the environment of the config.`,
      );
    }
    const algorithms = readJson(answer)?.['id_token_signing_alg_values_supported'];
    const unsupported = Array.isArray(algorithms) && !algorithms.includes(idTokenSigningAlgorithm);
    return findFirst(
      [
        unsupported
          ? fail(
              `it does not offer ID tokens signed with ${idTokenSigningAlgorithm}`,
              'Set idTokenSigningAlgorithm as the client is registered.',
            )
          : undefined,
        findStaleness(answer, 'the discovery document'),
      ],
      pass(provider.issuer),
    );
  },
};

export const providerJwks: Check = {
  id: 'provider-jwks',
  title: "One Login's JWKS is valid and fresh",
  needs: ['user-agent', 'discovery'],
  examine: ({ providerJwks: exchange }, { config: { idTokenSigningAlgorithm } }) => {
    const answer = readAnswer(exchange);
    if (answer === undefined) {
      return fail(
        describeExchange(exchange),
        "Look at One Login's status page. The functions use the last good copy.",
      );
    }
    const document = readDocument(jwksDocument, answer);
    if ('mistake' in document) {
      return fail(document.mistake, 'The functions refuse it and use the last good copy. Tell One Login.');
    }
    const algorithms = new Set([...document.contents.values()].map(({ alg }) => alg));
    return findFirst(
      [
        algorithms.has(idTokenSigningAlgorithm)
          ? undefined
          : fail(
              `it has no ${idTokenSigningAlgorithm} key, which the config requires for ID tokens`,
              'Set idTokenSigningAlgorithm as the client is registered.',
            ),
        findStaleness(answer, "One Login's JWKS"),
      ],
      pass(`keys: ${document.contents.size}, ${[...algorithms].sort().join(', ')}`),
    );
  },
};

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
        `Is ${didUrl} right, and reachable from here? The functions use the last good copy.`,
      );
    }
    const document = readDocument(describeDidDocument({ did, didDocumentUrl: didUrl }), answer);
    if ('mistake' in document) {
      return fail(
        document.mistake,
        `The functions refuse it and use the last good copy. Its id should be ${did}.`,
      );
    }
    return findFirst(
      [findStaleness(answer, 'the DID document')],
      pass(`${did}, keys: ${document.contents.size}`),
    );
  },
};

/** Validates a document as our functions do. */
function readDocument<Contents>(
  document: Omit<DocumentDescriptor<Contents>, 'url'>,
  { status, headers, body }: Answer,
): { readonly contents: Contents } | { readonly mistake: string } {
  const joined = Object.entries(headers).map(([name, values]) => [name, values.join(', ')]);
  try {
    return validateDocument(document, { status, headers: Object.fromEntries(joined), body });
  } catch (error) {
    if (!(error instanceof RelyingPartyError)) throw error;
    return { mistake: error.message };
  }
}

/** Warns of a document that a cache has kept too long (RFC 9111, 4.2). */
function findStaleness(answer: Answer, what: string): Finding | undefined {
  const maxAge = /(?:^|[\s,])max-age="?(\d+)/i.exec(readHeader(answer, 'cache-control'))?.[1];
  if (maxAge === undefined) {
    return warn(
      `${what} has no time for which it is fresh (Cache-Control without max-age)`,
      'The functions then fetch it every five minutes. If it stays like this, tell One Login.',
    );
  }
  const age = Number(readHeader(answer, 'age') || 0);
  if (age <= Number(maxAge)) return undefined;
  return warn(
    `${what} is ${age} s old, more than its max-age of ${maxAge} s`,
    'A cache between here and One Login keeps it too long: the functions would trust a removed key. Look for a proxy in between; otherwise tell One Login.',
  );
}
