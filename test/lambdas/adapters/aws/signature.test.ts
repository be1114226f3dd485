import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { signRequest } from '../../../../lambdas/adapters/aws/signature.ts';
import { NodeSha256 } from '../../../contract/aws-front.ts';

// The credentials and the time of AWS's published test suite for Signature Version 4 (`aws4_testsuite`).
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const sessionToken =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const context = {
  credentials,
  region: 'us-east-1',
  service: 'service',
  time: Date.parse('2015-08-30T12:36:00Z'),
};
const vanilla = { method: 'POST', path: '/', headers: { host: 'example.amazonaws.com' }, body: '' };
const form = 'application/x-www-form-urlencoded';

/** Name in the test suite, what differs from `post-vanilla`, the signed headers, the signature. */
const vectors = [
  [
    'get-vanilla',
    { method: 'GET' },
    'host;x-amz-date',
    '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  ],
  ['post-vanilla', {}, 'host;x-amz-date', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  [
    'post-header-key-sort',
    { headers: { 'my-header1': 'value1', ...vanilla.headers } },
    'host;my-header1;x-amz-date',
    'c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c',
  ],
  [
    'post-header-value-case',
    { headers: { 'my-header1': 'VALUE1', ...vanilla.headers } },
    'host;my-header1;x-amz-date',
    'cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d',
  ],
  [
    'post-x-www-form-urlencoded',
    { headers: { 'content-type': form, ...vanilla.headers }, body: 'Param1=value1' },
    'content-type;host;x-amz-date',
    'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  ],
  [
    'post-x-www-form-urlencoded-parameters',
    { headers: { 'content-type': `${form}; charset=utf8`, ...vanilla.headers }, body: 'Param1=value1' },
    'content-type;host;x-amz-date',
    '1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe',
  ],
] as const;

function authorize(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

describe('signRequest', () => {
  it.each(vectors)('signs as AWS does in its test %s', (_, changes, signedHeaders, signature) => {
    expect(signRequest({ ...vanilla, ...changes }, context)).toEqual({
      ...vanilla.headers,
      ...('headers' in changes ? changes.headers : {}),
      'x-amz-date': '20150830T123600Z',
      authorization: authorize(signedHeaders, signature),
    });
  });

  it('signs the session token, as AWS does in its test post-sts-header-before', () => {
    const signed = signRequest(vanilla, { ...context, credentials: { ...credentials, sessionToken } });
    expect(signed).toMatchObject({
      'x-amz-security-token': sessionToken,
      authorization: authorize(
        'host;x-amz-date;x-amz-security-token',
        '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
      ),
    });
  });

  const signWith = (changes: object) => signRequest(vanilla, { ...context, ...changes }).authorization;
  it.each([
    ['credentials', { credentials: { ...credentials, secretAccessKey: 'another' } }],
    ['day', { time: context.time + 86_400_000 }],
    ['region', { region: 'eu-west-2' }],
    ['service', { service: 'kms' }],
  ])('signs with another key when the %s change, and with the first one after that', async (_, changes) => {
    const first = signWith({});
    const { credentials: used, region, service, time } = { ...context, ...changes };
    const signer = new SignatureV4({
      credentials: used,
      region,
      service,
      sha256: NodeSha256,
      applyChecksum: false,
    });
    const request = { ...vanilla, protocol: 'https:', hostname: vanilla.headers.host };
    const bySdk = await signer.sign(request, { signingDate: new Date(time) });
    expect(signWith(changes)).toBe(bySdk.headers['authorization']);
    expect(signWith({})).toBe(first);
  });

  it('signs the first request to a service', () => {
    expect(signWith({ service: 'another-service' })).toMatch(/^AWS4-HMAC-SHA256 /);
  });

  it('signs requests with any text as the SDK does', async () => {
    const headers = {
      host: 'dynamodb.eu-west-2.amazonaws.com',
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
    };
    const body = JSON.stringify({ Item: { name: { S: 'Siân 🔑 \u2028 \ud800' } } });
    const used = { ...credentials, sessionToken: 'token/+=' };
    const time = Date.parse('2026-02-28T23:59:59.999Z');
    const signer = new SignatureV4({
      credentials: used,
      region: 'eu-west-2',
      service: 'dynamodb',
      sha256: NodeSha256,
      applyChecksum: false,
    });
    const request = { method: 'POST', protocol: 'https:', hostname: headers.host, path: '/', headers, body };
    const bySdk = await signer.sign(request, { signingDate: new Date(time) });

    const signed = signRequest(
      { method: 'POST', path: '/', headers, body },
      { credentials: used, region: 'eu-west-2', service: 'dynamodb', time },
    );
    expect(signed).toEqual(bySdk.headers);
  });
});
