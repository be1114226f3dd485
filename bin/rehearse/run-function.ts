/**
 * Runs a function of the deployment once: `node run-function.ts <bundle> <export>`, with the event on standard input
 * and the environment that Lambda would give it. `bin/rehearse/emulator/functions.py` calls it for custom resources.
 */
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const [bundle = '', name = ''] = process.argv.slice(2);
const { [name]: handler } = await import(pathToFileURL(bundle).href);
await handler(JSON.parse(await text(process.stdin)), {});
// Connections that are kept alive for a next event hold the process up: there is none.
process.exit();
