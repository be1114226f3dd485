import { type Check, fail, findFirst, pass, skip, warn } from '../check.ts';

const day = 24 * 60 * 60 * 1000;

export const tls: Check = {
  id: 'tls',
  title: 'TLS 1.2 or newer, with a certificate that is trusted and lasts',
  needs: [],
  examine: ({ tls: observed, jwks }) => {
    if (observed === undefined) return skip('http, on this machine');
    const { failure, protocol = '', untrusted, validTo, acceptsOld } = observed;
    if (failure !== undefined) {
      return fail(failure, 'Does the name of the public URL lead to API Gateway or CloudFront, on port 443?');
    }
    const now = 'answer' in jwks ? jwks.answer.at : Date.now();
    const days = Math.floor(((validTo ?? 0) - now) / day);
    const renewal =
      'Certificates of ACM renew themselves as long as their DNS records are there: look at the certificate in ACM.';
    return findFirst(
      [
        untrusted === undefined
          ? undefined
          : fail(
              `the certificate is not trusted: ${untrusted}`,
              'Put a certificate of a public authority (ACM) on the domain.',
            ),
        days < 7 ? fail(`the certificate ends in ${days} days`, renewal) : undefined,
        protocol === 'TLSv1.2' || protocol === 'TLSv1.3'
          ? undefined
          : fail(`it speaks ${protocol}`, 'Set the security policy of the domain to TLS 1.2.'),
        acceptsOld
          ? fail(
              'it accepts TLS 1.0 or 1.1',
              'Set the security policy of the domain to TLS 1.2 (CloudFront: TLSv1.2_2021).',
            )
          : undefined,
        days < 30 ? warn(`the certificate ends in ${days} days`, renewal) : undefined,
      ],
      pass(`${protocol}, the certificate lasts ${days} days`),
    );
  },
};
