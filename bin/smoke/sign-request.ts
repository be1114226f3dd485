import { createHash, createHmac } from 'node:crypto';
import process from 'node:process';
import { KMSClient } from '@aws-sdk/client-kms';
import { CommandError } from '../command.ts';
import type { Authorize } from '../rehearse/aws.ts';

/** The credentials of an AWS principal. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/**
 * Finds the credentials as the AWS SDK does.
 *
 * @throws CommandError if there are none
 */
export async function findCredentials(region: string): Promise<Credentials> {
  const client = new KMSClient({ region });
  try {
    return await client.config.credentials();
  } catch (error) {
    throw new CommandError(
      `there are no AWS credentials for the sandbox account: ${(error as Error).message}. Sign in with "aws sso login", or set AWS_PROFILE`,
    );
  } finally {
    client.destroy();
  }
}

/**
 * Signs requests with Signature Version 4, for APIs whose SDK is not among the dependencies.
 *
 * @param now milliseconds since the epoch
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function authorizeWith(credentials: Credentials, region: string, now: () => number): Authorize {
  return async ({ service, method, path, headers, body }) => {
    const { AWS_ENDPOINT_URL: endpoint = `https://${service}.${region}.amazonaws.com` } = process.env;
    const url = new URL(path, endpoint);
    const time = new Date(now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const all = {
      ...headers,
      'X-Amz-Date': time,
      ...(credentials.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credentials.sessionToken }),
    };
    const signed = Object.entries({ ...all, Host: url.host })
      .map(([name, value]): [string, string] => [name.toLowerCase(), value])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const names = signed.map(([name]) => name).join(';');
    const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
    const canonical = [method, url.pathname, '', lines, names, hash(body)].join('\n');
    const text = ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n');
    const key = scope.split('/').reduce<Buffer>(sign, Buffer.from(`AWS4${credentials.secretAccessKey}`));
    const signature = sign(key, text).toString('hex');
    const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return { url: url.href, headers: { ...all, Authorization: authorization } };
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sign(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
