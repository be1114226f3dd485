import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { DeploymentConfig } from '../../lib/config/deployment-config.ts';
import { StartError } from '../start-error.ts';

export interface SynthesisOptions {
  readonly config: DeploymentConfig;
  /** Where the cloud assembly is written to; everything temporary goes there as well. */
  readonly directory: string;
  readonly signal?: AbortSignal;
}

/**
 * Synthesises a deployment and bundles its functions, as `cdk deploy` does.
 *
 * @throws StartError with the output of the CDK or the bundler
 */
export async function synthesise({ config, directory, signal }: SynthesisOptions): Promise<void> {
  const script = path.join(import.meta.dirname, `run-synthesis${path.extname(import.meta.filename)}`);
  const child = spawn(process.execPath, [script, directory], {
    // The CDK's checks of the template are for deployments: `npm run synth` and `cdk deploy` make them.
    env: { ...process.env, CDK_VALIDATION: 'false', TMPDIR: directory, TMP: directory, TEMP: directory },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const kill = () => child.kill();
  signal?.addEventListener('abort', kill);
  // Only when the last descendant has closed the stream can the files that it writes be removed.
  const closed = once(child, 'close');
  // A child that has ended does not read its input.
  child.stdin.on('error', () => {});
  child.stdin.end(JSON.stringify(config));
  const [[status], complaints] = await Promise.all([closed, text(child.stderr)]);
  signal?.removeEventListener('abort', kill);
  signal?.throwIfAborted();
  if (status !== 0) throw new StartError(`the app could not be synthesised:\n${complaints.trim()}`);
}
