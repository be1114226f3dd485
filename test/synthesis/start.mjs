import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts the process that synthesises stacks. It ends with the process of Jest. */
export default async function start() {
  const server = fork(fileURLToPath(new URL('./server.ts', import.meta.url)));
  const [port] = await once(server, 'message');
  process.env.SYNTHESIS_PORT = String(port);
  server.unref();
  server.channel.unref();
}
