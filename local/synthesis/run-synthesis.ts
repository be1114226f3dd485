/**
 * Run as a process of its own: synthesises the deployment whose config comes by standard input into the directory
 * that is the only argument. The CDK and the bundler are big; their memory goes with the process.
 */
import { text } from 'node:stream/consumers';
import { buildApp } from '../../lib/app.ts';

const [outdir] = process.argv.slice(2);
if (outdir === undefined) throw new Error('the output directory is missing');
try {
  buildApp(JSON.parse(await text(process.stdin)), { outdir }).synth();
} catch (error) {
  // Without the fields of the bundler's errors, which say everything once more.
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
}
