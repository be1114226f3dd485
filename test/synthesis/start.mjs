import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { checkNodeBinary } from '../node-binary.ts';

/** Where Node keeps what it has compiled: tests start programs that load the CDK and the AWS SDK again and again. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/**
 * Checks the Node that runs the tests, generates the key of `TestSigner`, and starts the process that synthesises stacks, which
 * ends with that of Jest.
 */
export default async function start() {
  await checkNodeBinary();
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  process.env.TEST_SIGNING_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = fork(fileURLToPath(new URL('./server.ts', import.meta.url)));
  const [port] = await once(server, 'message');
  process.env.SYNTHESIS_PORT = String(port);
  server.unref();
  server.channel.unref();
}
