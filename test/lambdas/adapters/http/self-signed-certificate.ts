import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a certificate for `localhost` that only its maker has signed, both as PEM. */
export interface SelfSignedCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes an X.509 version 3 certificate (RFC 5280, 4.1) for an hour. */
export function createSelfSignedCertificate(): SelfSignedCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
  const commonName = sequence(Buffer.from('0603550403', 'hex'), tag(0x0c, Buffer.from('localhost')));
  const name = sequence(tag(0x31, commonName));
  const subjectAlternativeName = sequence(
    Buffer.from('0603551d11', 'hex'),
    tag(0x04, sequence(tag(0x82, Buffer.from('localhost')))),
  );
  const certificate = sequence(
    tag(0xa0, integer(2)),
    integer(1),
    ecdsaWithSha256,
    name,
    sequence(utcTime(Date.now() - 60_000), utcTime(Date.now() + 3_600_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tag(0xa3, sequence(subjectAlternativeName)),
  );
  const signature = tag(0x03, Buffer.concat([Buffer.of(0), sign('sha256', certificate, privateKey)]));
  const der = sequence(certificate, ecdsaWithSha256, signature).toString('base64');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${der.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

function tag(number: number, content: Buffer): Buffer {
  const { length } = content;
  const header = length < 128 ? [number, length] : [number, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

function integer(value: number): Buffer {
  return tag(0x02, Buffer.of(value));
}

function utcTime(milliseconds: number): Buffer {
  const digits = new Date(milliseconds)
    .toISOString()
    .replaceAll(/[-:T]|\.\d+/g, '')
    .slice(2);
  return tag(0x17, Buffer.from(digits));
}
