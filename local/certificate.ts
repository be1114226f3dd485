import { generate } from 'selfsigned';

/** A private key and its certificate, both in PEM. They exist only in this process. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** How long the certificate is valid, in milliseconds: longer than anybody leaves the command running. */
const lifetime = 30 * 24 * 60 * 60 * 1000;

/**
 * Makes a self-signed certificate, so that browsers warn of it once.
 *
 * @param host of the public URL, which it names beside the loopback interface. It can't name `*.localhost`: browsers and
 * OpenSSL accept no wildcard directly below a top-level domain
 */
export async function makeCertificate(host: string): Promise<Certificate> {
  const names = new Set(['localhost', host]);
  const made = await generate([{ name: 'commonName', value: 'one-login local' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notAfterDate: new Date(Date.now() + lifetime),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...[...names].map((value) => ({ type: 2, value }) as const),
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
