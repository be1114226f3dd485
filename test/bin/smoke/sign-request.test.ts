import { createServer } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from '@jest/globals';
import { CommandError } from '../../../bin/command.ts';
import { authorizeWith, findCredentials } from '../../../bin/smoke/sign-request.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };

describe('a request to AWS', () => {
  it('has the signature that the AWS SDK makes', async () => {
    const { headers, body, endpoint } = await sendWithSdk();
    const previous = process.env['AWS_ENDPOINT_URL'];
    process.env['AWS_ENDPOINT_URL'] = endpoint;
    try {
      const names = /SignedHeaders=([^,]*)/.exec(headers['authorization'] ?? '')?.[1]?.split(';') ?? [];
      const ours = ['host', 'x-amz-date', 'x-amz-security-token'];
      const given = Object.fromEntries(
        names.filter((name) => !ours.includes(name)).map((name) => [name, headers[name] ?? '']),
      );
      const time = (headers['x-amz-date'] ?? '').replace(
        /(....)(..)(..T..)(..)(..Z)/,
        (_, year, month, day, minute, second) => `${year}-${month}-${day}:${minute}:${second}`,
      );
      const authorize = authorizeWith(credentials, 'eu-west-2', () => Date.parse(time));
      const signed = await authorize({ service: 'kms', method: 'POST', path: '/', headers: given, body });

      expect(signed.headers['Authorization']).toBe(headers['authorization']);
    } finally {
      if (previous === undefined) delete process.env['AWS_ENDPOINT_URL'];
      else process.env['AWS_ENDPOINT_URL'] = previous;
    }
  });
});

describe('the credentials', () => {
  it('are required', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE']) delete process.env[name];
    try {
      await expect(findCredentials('eu-west-2')).rejects.toThrow(CommandError);
    } finally {
      process.env = before;
    }
  });
});

/** Sends a request of the SDK to a server here. */
async function sendWithSdk() {
  const received = Promise.withResolvers<{ headers: Record<string, string>; body: string }>();
  const server = createServer(async (incoming, outgoing) => {
    received.resolve({ headers: incoming.headers as Record<string, string>, body: await text(incoming) });
    outgoing.end('{}');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const client = new KMSClient({ region: 'eu-west-2', endpoint, credentials });
  await client.send(new ListAliasesCommand({}));
  client.destroy();
  server.close();
  return { ...(await received.promise), endpoint };
}
