/**
 * Runs as a separate process: synthesises the deployment whose config is on standard input into the directory of the
 * argument. The memory of the CDK and the bundler is freed with the process.
 */
import { text } from 'node:stream/consumers';
import { buildApp } from '../../lib/app.ts';

const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('the output directory is missing');
try {
  buildApp(JSON.parse(await text(process.stdin)), { outdir }).synth();
} catch (error) {
  // The other fields of the bundler's errors repeat the message.
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
}
