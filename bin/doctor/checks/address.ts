import { createPublicKey } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../lambdas/core/one-login/json-object.ts';
import { hasSecretMember } from '../../../lambdas/core/one-login/secret-members.ts';
import type { PublishedKeyConfig } from '../../../lib/config/deployment-config.ts';
import {
  type Check,
  describeExchange,
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

const day = 24 * 60 * 60 * 1000;

export const tls: Check = {
  id: 'tls',
  title: 'TLS 1.2 or newer only, with a trusted certificate that lasts: fails below 7 days, warns below 30',
  needs: ['host-name'],
  examine: ({ tls: observed, jwks }) => {
    if (observed === undefined) return skip('http, on this machine');
    const { failure, protocol = '', untrusted, validTo, acceptsOld } = observed;
    if (failure !== undefined) {
      return fail(
        failure,
        'Does the name of the public URL point to API Gateway or CloudFront, on port 443?',
      );
    }
    const now = 'answer' in jwks ? jwks.answer.at : Date.now();
    const days = Math.floor(((validTo ?? 0) - now) / day);
    const renewal = 'ACM renews a certificate while its DNS records exist: look at the certificate in ACM.';
    return findFirst(
      [
        untrusted === undefined
          ? undefined
          : fail(
              `the certificate is not trusted: ${untrusted}`,
              'Put a certificate of a public authority (ACM) on the domain.',
            ),
        days < 7 ? fail(`the certificate expires in ${days} days`, renewal) : undefined,
        protocol === 'TLSv1.2' || protocol === 'TLSv1.3'
          ? undefined
          : fail(`it uses ${protocol}`, 'Set the security policy of the domain to TLS 1.2.'),
        acceptsOld
          ? fail(
              'it accepts TLS 1.0 or 1.1',
              'Set the security policy of the domain to TLS 1.2 (CloudFront: TLSv1.2_2021).',
            )
          : undefined,
        days < 30 ? warn(`the certificate expires in ${days} days`, renewal) : undefined,
      ],
      pass(`${protocol}, the certificate lasts ${days} days`),
    );
  },
};

export const ownAddress: Check = {
  id: 'own-address',
  title: "The API's own address refuses requests that do not come through CloudFront or the domain",
  needs: [],
  examine: ({ ownAddress: exchange }, { config: { domain, cloudFront } }) => {
    if (domain === undefined && cloudFront === undefined)
      return pass('the config has nothing in front of the API');
    if (exchange === undefined) return skip('use --api-url to check it');
    const answer = readAnswer(exchange);
    if (answer === undefined) return skip(describeExchange(exchange));
    if (answer.status === 403) return pass('403');
    return fail(
      `${describeExchange(exchange)}; it should return 403`,
      cloudFront === undefined
        ? "The config has a domain: the API's own address must be switched off. Deploy again, and check in API Gateway that the default endpoint is inactive."
        : 'The config has cloudFront: the firewall must refuse requests without the secret. Deploy again, and check in AWS WAF that the web ACL is associated with the stage live.',
    );
  },
};

/** How long One Login's library waits for the response, in milliseconds. */
const jwksTimeout = 500;
/** How much of it the library reads, in bytes. */
const jwksLimit = 50 * 1024;

export const jwksAnswer: Check = {
  id: 'jwks-answer',
  title: 'Our JWKS responds within 500 ms, without a redirect, in at most 50 KB',
  needs: ['host-name'],
  examine: ({ jwks, jwksAgain }, { config, publicUrl }) => {
    const answer = readAnswer(jwks);
    if (answer === undefined || answer.status !== 200) {
      return fail(
        describeExchange(jwks),
        'Without it One Login can verify nothing that we send. Is the public URL right, and does it reach the stage "live" of the API? A redirect, a login in front of it or a firewall rule breaks it.',
      );
    }
    return findFirst(
      [
        config.environment !== 'local' && !publicUrl.startsWith('https:')
          ? fail(`${publicUrl} is not https`, 'One Login reads the JWKS over https only.')
          : undefined,
        /^application\/(jwk-set\+)?json\b/.test(readHeader(answer, 'content-type'))
          ? undefined
          : fail(
              `its Content-Type is ${readHeader(answer, 'content-type') || 'missing'}`,
              'Something in front of the API changes the response: it must pass it on unchanged.',
            ),
        Buffer.byteLength(answer.body) > jwksLimit
          ? fail(`it has more than ${jwksLimit} bytes`, 'Retire keys that are no longer needed.')
          : undefined,
        findSlowness(answer, readAnswer(jwksAgain)),
      ],
      pass(`${answer.milliseconds} ms`),
    );
  },
};

function findSlowness(first: Answer, second: Answer | undefined) {
  if (first.milliseconds <= jwksTimeout) return undefined;
  const again = second?.milliseconds ?? Number.POSITIVE_INFINITY;
  const found = `it took ${first.milliseconds} ms from here, then ${again} ms; One Login waits about ${jwksTimeout} ms, and tries twice`;
  const cure =
    'No function runs for it: look at what is between here and the API (a firewall, a CloudFront distribution far away, this network). Run the doctor from another place.';
  return again <= jwksTimeout ? warn(found, cure) : fail(found, cure);
}

export const jwksKeys: Check = {
  id: 'jwks-keys',
  title: 'Our JWKS has the keys of the config: RSA, 2,048 bits or more, each with its own kid, use and alg',
  needs: ['jwks-answer'],
  examine: ({ jwks }, { config }) => {
    const members = readJson(readAnswer(jwks))?.['keys'];
    const cure =
      'The stack makes this document: something else responds here, or the deployment is damaged. Compare it with the method of /auth/.well-known/jwks.json in API Gateway, and deploy again.';
    if (!Array.isArray(members) || members.length === 0) return fail('it is not a JWKS with keys', cure);
    const mistakes = members.flatMap((jwk: unknown, index) =>
      (isJsonObject(jwk) ? findMistakes(jwk, config.publishedKeys) : ['it is not an object']).map(
        (mistake) => `key ${index + 1}: ${mistake}`,
      ),
    );
    const kids = members.map((jwk: unknown) => Object(jwk).kid);
    if (new Set(kids).size < kids.length) mistakes.push('two keys have the same kid');
    if (mistakes.length > 0) return fail(mistakes.join('; '), cure);
    const { publishedKeys } = config;
    const own = config.signingKeys.filter(({ state }) => state !== 'retire').length;
    const notDeployed =
      'The config is not the deployed one: deploy it, or use the config that is deployed. one-login keys shows more.';
    const missing = publishedKeys.filter(({ kid, n }) =>
      members.every((jwk: unknown) => Object(jwk).kid !== kid || Object(jwk).n !== n),
    );
    if (missing.length > 0) {
      const names = missing.map(({ kid }) => kid).join(', ');
      return warn(`it does not have these keys of publishedKeys: ${names}`, notDeployed);
    }
    if (kids.length !== own + publishedKeys.length) {
      const others = publishedKeys.length === 0 ? '' : ` and ${publishedKeys.length} in publishedKeys`;
      return warn(
        `it has ${kids.length} keys, the config has ${own} in publish or sign${others}`,
        notDeployed,
      );
    }
    const ofOthers = publishedKeys.length === 0 ? '' : `, ${publishedKeys.length} of them of another system`;
    return pass(`${kids.length === 1 ? '1 key' : `${kids.length} keys`}${ofOthers}`);
  },
};

function findMistakes(jwk: JsonObject, others: readonly PublishedKeyConfig[]): readonly string[] {
  const alg = others.find(({ kid }) => kid === jwk['kid'])?.alg ?? 'PS256';
  if (hasSecretMember(jwk)) return ['it contains private key material: revoke it at once'];
  if (jwk['kty'] !== 'RSA') return [`its kty is ${jwk['kty']}: with such a key One Login can read no key`];
  return [
    ...(typeof jwk['kid'] === 'string' && jwk['kid'] !== '' ? [] : ['it has no kid']),
    ...(jwk['use'] === 'sig' ? [] : ['its use is not sig']),
    ...(jwk['alg'] === alg ? [] : [`its alg is not ${alg}`]),
    ...(modulusLength(jwk) >= 2048 ? [] : ['it is not an RSA key of 2048 bits or more']),
  ];
}

function modulusLength(jwk: JsonObject): number {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return 0;
  }
}
